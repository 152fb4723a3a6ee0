// The pages that show something: data in, HTML out. Nothing here asks the API.
import { barChart } from "./chart.js";
import { cell, currency, page, period, quantity, service, unit, what } from "./frame.js";
import { html } from "./html.js";

export function dashboardPage(view, data) {
  const { words } = view;
  const { t } = words;
  const money = (amount) => words.money(amount, data.money);
  return page(view, t("screen.dashboard"), html`<div class="cards">
<section class="card strong">
<h2>${data.balance < 0n ? t("credit") : t("balance")}</h2>
<p class="figure">${money(data.balance < 0n ? -data.balance : data.balance)}</p>
${data.balance > 0n && html`<p>${data.overdue > 0n ? html`<span class="late">${t("overdue")}: ${money(data.overdue)}</span>` : html`${t("due")}: ${words.day(data.dueDay)}`}</p>
<p><a class="button" href="/pay">${t("screen.pay")}</a></p>`}
</section>
<section class="card">
<h2>${t("account")}</h2>
<dl>
<dt>${t("account.number")}</dt><dd><bdi>${words.number(data.number)}</bdi></dd>
<dt>${t("account.holder")}</dt><dd>${view.session.user.name}</dd>
${data.place && html`<dt>${t("account.place")}</dt><dd><bdi>${words.number(data.place)}</bdi></dd>`}
<dt>${t("account.since")}</dt><dd>${words.day(data.since)}</dd>
</dl>
</section>
${data.supplies.map((supply) => html`<section class="card">
<h2>${service(words, supply.service)}</h2>
<dl>
${Object.keys(supply.tariff).length > 0 && html`<dt>${t("supply.tariff")}</dt><dd>${words.label(supply.tariff, "")}</dd>`}
${supply.address && html`<dt>${t("supply.place")}</dt><dd><bdi>${words.number(supply.address)}</bdi></dd>`}
${supply.readings.map((one) => html`<dt>${t("reading.last")}</dt><dd>${quantity(words, one.value, one.unit)}${one.estimated && html` <span class="tag">${t("estimated")}</span>`}<br><small>${words.day(one.day)}</small></dd>
${one.average && html`<dt>${t("reading.average")}</dt><dd>${quantity(words, one.average, one.unit)}</dd>`}`)}
</dl>
<p><a href="/consumption">${t("screen.consumption")}</a></p>
</section>`)}
${data.lastBill && html`<section class="card">
<h2>${t("bill.last")}</h2>
<dl>
<dt>${t("bill.period")}</dt><dd>${period(words, data.lastBill)}</dd>
<dt>${t("bill.total")}</dt><dd>${money(data.lastBill.total)}</dd>
<dt>${t("bill.closing")}</dt><dd>${money(data.lastBill.closing)}</dd>
<dt>${t("due")}</dt><dd>${words.day(data.lastBill.due)}</dd>
</dl>
<p><a href="/bills/${data.lastBill.id}">${t("details")}</a></p>
</section>`}
<section class="card"><h2>${t("open")}</h2>
${data.openItems.length ? openItems(words, data.openItems, money) : html`<p class="hint">${t("none")}</p>`}
</section>
<section class="card"><h2>${t("payments.last")}</h2>
${data.payments.length ? html`<table><tbody>${data.payments.map((one) => html`<tr><td>${words.day(one.day)}${one.returned && html` <span class="tag">${t("what.payment_reversal")}</span>`}</td><td class="money">${money(one.amount)}</td></tr>`)}</tbody></table>
<p><a href="/payments">${t("more")}</a></p>` : html`<p class="hint">${t("none")}</p>`}
</section>
${!view.without.includes("settings") && html`<section class="card">
<h2>${t("screen.settings")}</h2>
<p>${t(`way.${data.notifications.way}`)}</p>
${data.notifications.events.length > 0 && html`<ul>${data.notifications.events.map((name) => html`<li>${t(`event.${name}`)}</li>`)}</ul>`}
<p><a href="/settings">${t("change")}</a></p>
</section>`}
</div>`);
}

export function billsPage(view, { bills, next }) {
  const { words } = view;
  const { t } = words;
  return page(view, t("screen.bills"), html`<section class="card">
<div class="scroll"><table class="stack">
<thead><tr><th>${t("bill.period")}</th><th>${t("bill.kind")}</th><th class="money">${t("usage")}</th><th class="money">${t("bill.opening")}</th><th class="money">${t("bill.total")}</th><th class="money">${t("bill.open")}</th><th class="money">${t("due")}</th></tr></thead>
<tbody>
${bills.map((bill) => html`<tr${!bill.stands && html` class="gone"`}>
${cell(t("bill.period"), html`<a href="/bills/${bill.id}">${period(words, bill)}</a>`)}
${cell(t("bill.kind"), html`${what(words, bill.kind)}${!bill.stands && html` <span class="tag">${t("bill.cancelled")}</span>`}`)}
${cell(t("usage"), bill.usages.map((one) => html`<div>${quantity(words, one.usage, one.unit)}</div>`), "money")}
${cell(t("bill.opening"), words.money(bill.opening, bill.money), "money")}
${cell(t("bill.total"), words.money(bill.total, bill.money), "money")}
${cell(t("bill.open"), words.money(bill.open, bill.money), "money")}
${cell(t("due"), words.day(bill.due), "money")}
</tr>`)}
</tbody>
</table></div>
${!bills.length && html`<p class="hint">${t("none")}</p>`}
${next && html`<p><a href="/bills?after=${encodeURIComponent(next)}">${t("more")}</a></p>`}
</section>`);
}

export function paymentsPage(view, { payments, next, money }) {
  const { words } = view;
  const { t } = words;
  return page(view, t("screen.payments"), html`<section class="card">
<div class="scroll"><table class="stack">
<thead><tr><th>${t("day")}</th><th>${t("reference")}</th><th class="money">${t("amount")}</th><th>${t("receipt")}</th></tr></thead>
<tbody>
${payments.map((one) => html`<tr${one.returned && html` class="gone"`}>
${cell(t("day"), html`${words.day(one.day)}${one.returned && html` <span class="tag">${t("what.payment_reversal")}: ${words.day(one.returned)}</span>`}`)}
${cell(t("reference"), html`<bdi class="code">${one.reference}</bdi>`)}
${cell(t("amount"), words.money(one.amount, money), "money")}
${cell(t("receipt"), one.receipt && receiptLink(words, one.receipt))}
</tr>`)}
</tbody>
</table></div>
${!payments.length && html`<p class="hint">${t("none")}</p>`}
${next && html`<p><a href="/payments?after=${encodeURIComponent(next)}">${t("more")}</a></p>`}
</section>`);
}

/** To the receipt of a payment by the portal's own reference. */
export function receiptLink(words, reference) {
  return html`<a href="/payments/${encodeURIComponent(reference)}/receipt.pdf">${words.t("receipt")} (PDF)</a>`;
}

export function billPage(view, bill) {
  const { words } = view;
  const { t } = words;
  const money = (amount) => words.money(amount, bill.money);
  return page(view, `${t("bill")} ${words.day(bill.to)}`, html`<section class="card">
<dl class="row">
<div><dt>${t("bill.number")}</dt><dd><bdi>${words.number(bill.id)}</bdi></dd></div>
<div><dt>${t("bill.period")}</dt><dd>${period(words, bill)}</dd></div>
<div><dt>${t("bill.issued")}</dt><dd>${words.day(bill.issued)}</dd></div>
<div><dt>${t("due")}</dt><dd>${words.day(bill.due)}</dd></div>
</dl>
${bill.spans.map((span) => html`<div class="scroll"><table>
<thead><tr><th>${t("bill.line")}</th><th class="money">${t("amount")}</th></tr></thead>
<tbody>
<tr class="hint"><td>${t("bill.days")}</td><td class="money">${words.number(span.days)}</td></tr>
${span.inputs.filter((one) => one.value && words.has(`unit.${one.name}`)).map((one) => html`<tr class="hint"><td>${unit(words, one.name)}</td><td class="money">${words.number(one.value)}</td></tr>`)}
${span.lines.filter((line) => line.counts && line.amount !== 0n).map((line) => html`<tr><td>${words.label(line.labels, line.name)}</td><td class="money">${words.money(line.amount, { ...bill.money, digits: line.digits })}</td></tr>`)}
</tbody>
</table></div>`)}
<table class="sum"><tbody>
<tr><td>${t("bill.total")}</td><td class="money">${money(bill.total)}</td></tr>
<tr><td>${t("bill.opening")}</td><td class="money">${money(bill.opening)}</td></tr>
<tr class="strong"><td>${t("bill.closing")}</td><td class="money">${money(bill.closing)}</td></tr>
</tbody></table>
<p><a class="button" href="/bills/${bill.id}/bill.pdf">PDF</a> <a href="/bills">${t("screen.bills")}</a></p>
</section>`);
}

/** Months beside what they would have been by norm: a chart of the quantity, one of the money. */
export function consumptionPage(view, { series, money }) {
  const { words } = view;
  const { t } = words;
  return page(view, t("screen.consumption"), series.length
    ? series.map((one) => html`${savingCard(words, one, money)}
<section class="card">
<h2>${service(words, one.service)}: ${t("consumption.used")}</h2>
${figureChart(words, one.months, {
    title: t("consumption.used"), unit: unit(words, one.unit),
    value: (month) => Number(month.usage), beside: (month) => month.norm && Number(month.norm.usage),
    text: (month) => words.number(Number(month.usage).toFixed(1)), tick: (value) => words.number(round(value)),
  })}
<h2>${service(words, one.service)}: ${t("consumption.charged")}</h2>
${figureChart(words, one.months, {
    title: t("consumption.charged"), unit: currency(words, money),
    value: (month) => Number(month.amount), beside: (month) => month.norm && month.norm.amount !== null ? Number(month.norm.amount) : null,
    text: () => "", tick: (value) => words.amount(BigInt(Math.round(value)), money),
  })}
</section>
${monthsCard(words, one, money)}`)
    : html`<section class="card"><p class="hint">${t("none")}</p></section>`);
}

/** What the meter saved in all months that have a norm, or cost. */
function savingCard(words, { months }, money) {
  const savings = months.map((month) => month.norm?.saving ?? null).filter((one) => one !== null);
  if (!savings.length) return "";
  const saved = savings.reduce((sum, one) => sum + one, 0n);
  return html`<section class="card strong narrow">
<h2>${words.t(saved < 0n ? "consumption.lost" : "consumption.saved")}</h2>
<p class="figure">${words.money(saved < 0n ? -saved : saved, money)}</p>
</section>`;
}

/** A chart in a box that scrolls, and what its marks mean. */
function figureChart(words, months, { title, unit, value, beside, text, tick }) {
  const bars = months.map((one) => ({
    label: words.month(one.firstDay), value: Math.max(value(one), 0), text: text(one), beside: beside(one) ?? null,
  }));
  const compared = bars.some((bar) => bar.beside !== null);
  return html`<div class="scroll newest">${barChart(bars, { title, unit, direction: words.direction, tick })}</div>
${compared && html`<p class="legend"><i class="bar"></i>${words.t("consumption.actual")} <i class="norm"></i>${words.t("consumption.norm")}</p>`}`;
}

function monthsCard(words, { unit: name, months }, money) {
  const { t } = words;
  const sum = (amount) => (amount === null || amount === undefined ? "–" : words.money(amount, money));
  return html`<section class="card">
<h2>${t("consumption.months")}</h2>
<div class="scroll"><table class="stack">
<thead><tr><th>${t("month")}</th><th class="money">${t("bill.days")}</th><th class="money">${t("usage")}</th><th class="money">${t("consumption.norm")}</th><th class="money">${t("debit")}</th><th class="money">${t("consumption.byNorm")}</th><th class="money">${t("consumption.saving")}</th></tr></thead>
<tbody>${months.map((one) => html`<tr>
${cell(t("month"), words.month(one.firstDay))}
${cell(t("bill.days"), words.number(one.days), "money")}
${cell(t("usage"), quantity(words, one.usage, name), "money")}
${cell(t("consumption.norm"), one.norm ? quantity(words, one.norm.usage, name) : "–", "money")}
${cell(t("debit"), sum(one.amount), "money")}
${cell(t("consumption.byNorm"), sum(one.norm?.amount), "money")}
${cell(t("consumption.saving"), sum(one.norm?.saving), "money")}
</tr>`).reverse()}</tbody>
</table></div>
</section>`;
}

/** For an axis. */
function round(value) {
  return Math.round(value * 100) / 100;
}

/** All accounts of an address, over several providers; own: the id of the reader's. */
export function addressPage(view, group, own) {
  const { words } = view;
  const { t } = words;
  const money = (amount) => words.money(amount, group.money);
  return page(view, t("screen.address"), html`<section class="card strong narrow">
<h2>${group.name}: ${t("address.payable")}</h2>
<p class="figure">${money(group.payable)}</p>
</section>
<div class="cards">
${group.providers.map((one) => html`<section class="card">
<h2>${one.name}</h2>
${one.accounts.map((account) => html`<dl>
<dt>${t("account.number")}</dt><dd><bdi>${words.number(account.number)}</bdi></dd>
${account.services.length > 0 && html`<dt>${t("service")}</dt><dd>${account.services.map((name) => service(words, name)).join(", ")}</dd>`}
<dt>${account.balance < 0n ? t("credit") : t("balance")}</dt><dd>${money(account.balance < 0n ? -account.balance : account.balance)}</dd>
${account.overdue > 0n && html`<dt>${t("overdue")}</dt><dd class="late">${money(account.overdue)}</dd>`}
${account.dueDay && html`<dt>${t("due")}</dt><dd>${words.day(account.dueDay)}</dd>`}
</dl>
${openItems(words, account.openItems, money)}
${account.id === own && account.payable > 0n && html`<p><a class="button" href="/pay">${t("screen.pay")}</a></p>`}`)}
</section>`)}
</div>`);
}

function openItems(words, items, money) {
  return html`<table><tbody>${items.map((item) => html`<tr><td>${what(words, item.what)}<br><small>${words.t("due")}: ${words.day(item.dueDay)}</small></td><td class="money">${money(item.open)}</td></tr>`)}</tbody></table>`;
}

/** Months back that a statement may begin; 0: from the beginning. */
export const PERIODS = [3, 12, 24, 0];

export function statementPage(view, statement, months) {
  const { words } = view;
  const { t } = words;
  const money = (amount) => words.money(amount, statement.money);
  return page(view, t("screen.statement"), html`<form class="card inline" method="get" action="/statement">
<label>${t("period")}<select name="months">${PERIODS.map((one) => html`<option value="${one}"${one === months ? html` selected` : ""}>${one ? `${words.number(one)} ${t("months")}` : t("all")}</option>`)}</select></label>
<button>${t("show")}</button>
</form>
<section class="card"><div class="scroll"><table class="stack">
<thead><tr><th>${t("day")}</th><th>${t("document")}</th><th class="money">${t("debit")}</th><th class="money">${t("paidIn")}</th><th class="money">${t("statement.closing")}</th></tr></thead>
<tbody>
${bound(words, statement.firstDay, t("statement.opening"), money(statement.opening))}
${statement.documents.map((one) => html`<tr>
${cell(t("day"), words.day(one.day))}
${cell(t("document"), html`<span>${document(words, one)}${one.reference && html`<br><small><bdi>${one.reference}</bdi></small>`}</span>`)}
${cell(t("debit"), one.amount > 0n && money(one.amount), "money")}
${cell(t("paidIn"), one.amount < 0n && money(-one.amount), "money")}
${cell(t("statement.closing"), money(one.balance), "money")}
</tr>`)}
${bound(words, statement.lastDay, t("statement.closing"), money(statement.closing))}
</tbody>
</table></div></section>`);
}

/** The first or last row of a statement. */
function bound(words, day, name, balance) {
  const { t } = words;
  return html`<tr class="strong">${cell(t("day"), words.day(day))}${cell(t("document"), name)}<td></td><td></td>${cell(t("statement.closing"), balance, "money")}</tr>`;
}

function document(words, one) {
  const name = what(words, one.what);
  return one.kind === "DOCUMENT_KIND_BILL" ? html`<a href="/bills/${one.id}">${name}</a>` : name;
}
