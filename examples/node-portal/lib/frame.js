// What all pages share: the frame, and how things are called.
import { html } from "./html.js";
import { LANGUAGES, NAMES } from "./words.js";

const SCREENS = ["", "bills", "payments", "consumption", "statement", "address", "settings", "pay"];

/** A whole page. view: { words, session, provider, path, without }; without: screens that the reader has not. */
export function page(view, title, body) {
  const { words, session, provider } = view;
  const { t } = words;
  return html`<!doctype html>
<html lang="${words.language}" dir="${words.direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · ${provider.name}</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
<header>
<div class="top">
<a class="brand" href="/">${provider.name}</a>
<div class="who">
${LANGUAGES.filter((name) => name !== words.language).map((name) => html`<a href="/language?to=${name}" lang="${name}" hreflang="${name}">${NAMES[name]}</a>`)}
${session.user && html`<form method="post" action="/logout">${token(session)}<button class="plain">${t("logout")}</button></form>`}
</div>
</div>
${session.user && html`<nav>${SCREENS.filter((name) => !view.without.includes(name)).map((name) => html`<a href="/${name}"${isCurrent(view, name) ? html` aria-current="page"` : ""}>${t(`screen.${name || "dashboard"}`)}</a>`)}</nav>`}
</header>
<main>
<h1>${title}</h1>
${body}
</main>
<footer>${t("footer")}</footer>
</body>
</html>`;
}

function isCurrent(view, name) {
  return view.path.split("/")[1] === name;
}

/** What proves that a form was made by a page of the session. */
export function token(session) {
  return html`<input type="hidden" name="csrf" value="${session.csrf}">`;
}

/** A cell that names its column, for screens on which a row is a block of its own. */
export function cell(label, content, kind = "") {
  return html`<td data-label="${label}"${kind && html` class="${kind}"`}>${content}</td>`;
}

export function messagePage(view, title, text) {
  return page(view, title, html`<section class="card narrow"><p>${text}</p><p><a href="/">${view.words.t("screen.dashboard")}</a></p></section>`);
}

/** What amounts of a currency are called. */
export function currency(words, money_) {
  return words.money(0n, money_).split("\u00a0")[1];
}

export function what(words, word) {
  const key = `what.${word.replaceAll(" ", "_")}`;
  return words.has(key) ? words.t(key) : word;
}

export function service(words, word) {
  const key = `service.${word}`;
  return words.has(key) ? words.t(key) : word;
}

export function unit(words, word) {
  const key = `unit.${word}`;
  return words.has(key) ? words.t(key) : word;
}

export function period(words, bill) {
  return `${words.day(bill.from)} – ${words.day(bill.to)}`;
}

/** An exact decimal text with its unit. */
export function quantity(words, text, name) {
  return html`<span><bdi>${words.number(short(text))}</bdi> ${unit(words, name)}</span>`;
}

/** An exact decimal text without zeros at its end. */
function short(text) {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}
