/** Let the print button print: an address alone cannot. */
export function printOnDemand() {
  document.addEventListener('click', (event) => {
    if (event.target.closest('[data-print]')) window.print();
  });
}
