/** Keep an impatient second tap from sending a form twice. */
export function guardForms() {
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (form.dataset.sending) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    form.dataset.sending = '1';
    mark(form, true);
  }, true);
  // After a refusal the first wrong field is where to go on.
  const wrong = document.querySelector('[aria-invalid="true"]');
  if (wrong) (wrong.matches('fieldset') ? wrong.querySelector('input, select, button') : wrong).focus();
  // Coming back by the browser's back button, or being answered in place: the form is usable again.
  window.addEventListener('pageshow', release);
  document.addEventListener('htmx:after:request', release);
}

function release() {
  document.querySelectorAll('form[data-sending]').forEach((form) => {
    delete form.dataset.sending;
    mark(form, false);
  });
}

function mark(form, busy) {
  form.querySelectorAll('button[type="submit"]').forEach((button) => button.setAttribute('aria-busy', String(busy)));
}
