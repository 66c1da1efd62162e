/** Add and take off units in the field where a dispatcher says who is whistled for. */
export function editUnits() {
  document.addEventListener('click', (event) => {
    const add = event.target.closest('[data-units-add]');
    if (add) addRow(add.closest('[data-units]'));
    const drop = event.target.closest('[data-units-drop]');
    if (drop) dropRow(drop.closest('.units__row'));
  });
}

function addRow(field) {
  const row = field.querySelector('template').content.cloneNode(true);
  const rows = field.querySelector('.units');
  rows.append(row);
  rows.lastElementChild.querySelector('select').focus();
}

function dropRow(row) {
  const field = row.closest('[data-units]');
  row.remove();
  field.querySelector('[data-units-add]').focus();
}
