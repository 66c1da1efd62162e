/** Close open menus when the eye has moved on: a click elsewhere, or Escape. */
export function closeMenus() {
  document.addEventListener('click', (event) => {
    menus().forEach((menu) => menu.contains(event.target) || menu.removeAttribute('open'));
  });
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    menus().forEach((menu) => {
      menu.removeAttribute('open');
      menu.querySelector('summary').focus();
    });
  });
}

function menus() {
  return document.querySelectorAll('details.menu[open]');
}
