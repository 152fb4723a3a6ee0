// The pages that ask something: what was typed, and what came of it. Nothing here asks the API.
import { EVENTS, WAYS } from "./data.js";
import { currency, page, token } from "./frame.js";
import { html } from "./html.js";
import { receiptLink } from "./pages.js";
import { amountToType, LANGUAGES, NAMES } from "./words.js";

export function loginPage(view, wrong) {
  const { t } = view.words;
  return page(view, t("login"), html`<form class="card narrow" method="post" action="/login">
${token(view.session)}
${wrong && html`<p class="error" role="alert">${t("login.wrong")}</p>`}
<label>${t("login.name")}<input name="login" autocomplete="username" required maxlength="60" dir="ltr"></label>
<label>${t("login.password")}<input name="password" type="password" autocomplete="current-password" required maxlength="200" dir="ltr"></label>
<button>${t("login")}</button>
<p class="hint">${t("login.hint")}</p>
</form>`);
}

/** form: { reference, amount, error }. */
export function payPage(view, payable, form, money_) {
  const { words } = view;
  const { t } = words;
  const money = (amount) => words.money(amount, money_);
  return page(view, t("screen.pay"), html`<form class="card narrow" method="post" action="/pay">
${token(view.session)}
<input type="hidden" name="reference" value="${form.reference}">
${form.error && html`<p class="error" role="alert">${form.error}</p>`}
<dl><dt>${t("balance")}</dt><dd>${money(payable.balance)}</dd>
${payable.fee > 0n && html`<dt>${t("fee")}</dt><dd>${money(payable.fee)}</dd>`}</dl>
<label>${t("amount")} (${currency(words, money_)})<input name="amount" inputmode="decimal" required maxlength="24" dir="ltr" value="${form.amount ?? (payable.payable > 0n ? amountToType(payable.payable, money_.digits) : "")}"></label>
<button>${t("pay")}</button>
<p class="hint">${t("pay.hint")}</p>
</form>`);
}

export function paidPage(view, payment, money_) {
  const { words } = view;
  const { t } = words;
  return page(view, t("paid"), html`<section class="card narrow" role="status">
<p class="figure">${words.money(payment.amount, money_)}</p>
<dl><dt>${t("day")}</dt><dd>${words.day(payment.day)}</dd>
<dt>${t("reference")}</dt><dd class="code"><bdi>${payment.reference}</bdi></dd></dl>
<p><a class="button" href="/">${t("screen.dashboard")}</a> ${receiptLink(words, payment.reference)}</p>
</section>`);
}


/** wanted: { way, language, events, version }; form: { request, error, saved }. */
export function settingsPage(view, wanted, form) {
  const { words } = view;
  const { t } = words;
  const languages = [...new Set([...LANGUAGES, wanted.language || words.language])];
  return page(view, t("screen.settings"), html`<form class="card narrow" method="post" action="/settings">
${token(view.session)}
<input type="hidden" name="request" value="${form.request}">
<input type="hidden" name="version" value="${wanted.version}">
${form.error && html`<p class="error" role="alert">${form.error}</p>`}
${form.saved && html`<p class="done" role="status">${t("settings.saved")}</p>`}
<fieldset><legend>${t("settings.way")}</legend>
${WAYS.map((name) => html`<label class="choice"><input type="radio" name="way" value="${name}"${name === wanted.way && html` checked`}>${t(`way.${name}`)}</label>`)}
</fieldset>
<fieldset><legend>${t("settings.events")}</legend>
${EVENTS.map((name) => html`<label class="choice"><input type="checkbox" name="event" value="${name}"${wanted.events.includes(name) && html` checked`}>${t(`event.${name}`)}</label>`)}
</fieldset>
<label>${t("settings.language")}<select name="language">${languages.map((name) => html`<option value="${name}"${name === (wanted.language || words.language) && html` selected`}>${NAMES[name] ?? name}</option>`)}</select></label>
<button>${t("save")}</button>
</form>`);
}
