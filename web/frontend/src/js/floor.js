// What the diagram library takes for granted and Chromium 86 does not have yet.
if (!Object.hasOwn) {
  Object.hasOwn = (object, name) => Object.prototype.hasOwnProperty.call(object, name);
}

// Asked for on plain numbers only (a view box), which JSON copies exactly.
if (!window.structuredClone) {
  window.structuredClone = (value) => JSON.parse(JSON.stringify(value));
}
