// HTML as template literals in which every value is escaped, unless it is HTML itself.

class Html {
  constructor(text) {
    this.text = text;
  }
  toString() {
    return this.text;
  }
}

const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

function spelled(value) {
  if (value instanceof Html) return value.text;
  if (Array.isArray(value)) return value.map(spelled).join("");
  if (value === null || value === undefined || value === false) return "";
  return String(value).replace(/[&<>"']/g, (sign) => ESCAPES[sign]);
}

/** html`<p>${text}</p>`: texts are escaped, lists joined, nothing (null, false) is empty. */
export function html(parts, ...values) {
  return new Html(parts.reduce((text, part, place) => text + spelled(values[place - 1]) + part));
}
