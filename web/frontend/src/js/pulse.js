const EVERY_MS = 20_000;

/** Ask every 20 s, while the page is seen, whether anything of mine has changed. */
export function watchPulse() {
  const address = document.body.dataset.pulse;
  if (!address) return;
  let known = null;
  const beat = async () => {
    if (document.hidden) return;
    const query = known === null ? '' : `?v=${encodeURIComponent(known)}`;
    const answer = await fetch(address + query, { headers: { Accept: 'application/json' } }).catch(() => null);
    if (!answer || answer.status !== 200) return;
    const { v } = await answer.json();
    const changed = known !== null && v !== known;
    known = v;
    // Nobody's page moves under an open dialogue.
    if (changed && !document.querySelector('dialog[open]')) {
      document.body.dispatchEvent(new CustomEvent('refresh'));
    }
  };
  setInterval(beat, EVERY_MS);
  document.addEventListener('visibilitychange', beat);
  beat();
}
