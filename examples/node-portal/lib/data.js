// The only file that knows the API: every screen asks here, once. Amounts are BigInt in minor units,
// quantities exact decimal texts, days ISO 8601 texts.
import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import grpc from "@grpc/grpc-js";
import loader from "@grpc/proto-loader";

const PROTO = process.env.BILLCORE_PROTO ?? fileURLToPath(new URL("../../../proto", import.meta.url));
const SERVICES = ["account", "billing", "consolidation", "document", "enquiry", "payment"];
const DEADLINE_SECONDS = 10;

const definition = loader.loadSync(
  SERVICES.map((name) => `billcore/v1/${name}_service.proto`),
  { includeDirs: [PROTO], keepCase: true, longs: String, enums: String, defaults: true, oneofs: true },
);
const { billcore } = grpc.loadPackageDefinition(definition);

/** Of what customers can be told, as the API names it behind NOTIFICATION_EVENT_. */
export const EVENTS = ["BILL_ISSUED", "BILL_DUE", "PAYMENT_RECEIVED", "PAYMENT_REVERSED", "LATE_FEE_CHARGED", "CASE_CHANGED"];
/** By which way, behind NOTIFICATION_CHANNEL_. */
export const WAYS = ["NONE", "SMS", "EMAIL"];

/** What the API refuses. code: a name of grpc.status; message: for people, in English. */
export class Refused extends Error {
  constructor(error) {
    super(error.details || error.message);
    this.code = grpc.status[error.code];
  }
}

/**
 * The API as one client: its address, the channel that it takes payments through, and its keys:
 * `portal` reads and pays, `clerk` writes preferences, `house` reads groups of accounts.
 */
export function connect({ address, keys, channel }) {
  const credentials = grpc.credentials.createInsecure();
  const v1 = billcore.v1;
  const stubs = {
    accounts: new v1.AccountService(address, credentials),
    billing: new v1.BillingService(address, credentials),
    consolidation: new v1.ConsolidationService(address, credentials),
    documents: new v1.DocumentService(address, credentials),
    enquiries: new v1.EnquiryService(address, credentials),
    payments: new v1.PaymentService(address, credentials),
  };

  function call(stub, method, request, key = keys.portal) {
    const metadata = new grpc.Metadata();
    metadata.set("authorization", `Bearer ${key}`);
    metadata.set("x-request-id", randomUUID());
    const deadline = Date.now() + DEADLINE_SECONDS * 1000;
    return new Promise((resolve, reject) =>
      stubs[stub][method](request, metadata, { deadline }, (error, answer) =>
        error ? reject(new Refused(error)) : resolve(answer),
      ),
    );
  }

  /** The same; null where the API knows no such thing. */
  async function found(...asked) {
    try {
      return await call(...asked);
    } catch (error) {
      if (error.code === "NOT_FOUND" || error.code === "INVALID_ARGUMENT") return null;
      throw error;
    }
  }

  /** Who is billed, and by whom. */
  async function provider() {
    const { provider: told } = await call("accounts", "GetProvider", {});
    return { name: told.name, language: told.language, calendar: told.calendar, timeZone: told.time_zone };
  }

  /** The first screen: what an account is, owes, used and paid, and how people are told of it. */
  async function dashboard(number) {
    const answer = await call("enquiries", "GetDashboard", { number });
    const { summary } = answer;
    return {
      accountId: summary.account_id,
      number: summary.number,
      place: summary.geographic_code,
      since: summary.opened_day,
      money: moneyOf(summary),
      balance: BigInt(summary.balance),
      overdue: BigInt(summary.overdue),
      payable: BigInt(answer.payable),
      dueDay: summary.due_day,
      lastBill: summary.last_bill && bill(summary.last_bill),
      supplies: summary.supplies.map((supply) => ({
        service: supply.service,
        address: supply.address || supply.place,
        tariff: supply.tariff_labels,
        readings: supply.readings.map((one) => ({
          day: one.day, value: one.value, unit: one.unit, estimated: one.estimated, average: one.average_use,
        })),
      })),
      openItems: answer.open_items.map(openItem),
      payments: answer.payments.map(payment),
      notifications: preferences(answer.notifications),
    };
  }

  /** The bills of an account, the newest first; after: the token of the page before. */
  async function bills(number, after = "") {
    const answer = await call("enquiries", "ListAccountBills", { number, page_token: after });
    const rows = answer.bills.map((one) => ({
      ...bill(one.header),
      open: BigInt(one.open),
      usages: one.spans.flatMap((span) => span.usages.map(({ unit, usage }) => ({ unit, usage }))),
    }));
    return { bills: rows, next: answer.next_page_token };
  }

  /** A bill with its lines; null: it is not the account's. */
  async function billOf(accountId, billId) {
    const answer = await found("billing", "GetBill", { bill_id: billId });
    if (answer?.bill.header.account_id !== accountId) return null;
    return { ...bill(answer.bill.header), spans: answer.bill.spans.map(span) };
  }

  /** A bill as it is handed over: { content, type }; null: it is not the account's. */
  async function billFile(accountId, billId, language) {
    return (await billOf(accountId, billId)) && rendered({ bill_id: billId }, language);
  }

  /** The payments of an account, the newest first, with those that can have a receipt here. */
  async function payments(number, after = "") {
    const answer = await call("enquiries", "ListAccountPayments", { number, page_size: 24, page_token: after });
    return { payments: answer.payments.map(payment), next: answer.next_page_token, money: moneyOf(answer) };
  }

  /**
   * The receipt of a payment through the portal: { content, type }; null: there is none for the
   * account. However often it is asked for, it is the same original: one request id a payment.
   */
  async function receiptFile(accountId, reference, language) {
    const status = await found("payments", "GetPaymentStatus", { channel, reference });
    if (status?.payment?.account_id !== accountId || status.state !== "PAYMENT_STATE_POSTED") return null;
    const request = { request_id: `receipt ${reference}`, channel, reference };
    const { number, copy_no } = await call("documents", "IssueReceipt", request);
    return rendered({ receipt: { number, copy_no } }, language);
  }

  async function rendered(document, language) {
    const request = { document, format: "DOCUMENT_FORMAT_PDF", language };
    const answer = await call("documents", "RenderDocument", request);
    return { content: answer.content, type: answer.media_type };
  }

  /** The last year by month, beside the norm where the provider has one: a series a quantity. */
  async function consumption(number) {
    const answer = await call("enquiries", "GetConsumption", { number });
    const series = answer.series.map(({ service, unit, months }) => ({
      service,
      unit,
      months: months.map((one) => ({
        firstDay: one.first_day, days: one.days, usage: one.usage, amount: BigInt(one.amount),
        norm: one.by_norm && {
          usage: one.by_norm.usage,
          amount: amountOrNull(one.by_norm.amount), saving: amountOrNull(one.by_norm.saving),
        },
      })),
    }));
    return { series, money: moneyOf(answer) };
  }

  /** Every document between two days ("" is open) with the balance after it. */
  async function statement(number, firstDay, lastDay) {
    const answer = await call("enquiries", "GetStatement", { number, first_day: firstDay, last_day: lastDay });
    return {
      firstDay: answer.first_day,
      lastDay: answer.last_day,
      money: moneyOf(answer),
      opening: BigInt(answer.opening),
      closing: BigInt(answer.closing),
      documents: answer.documents.map((one) => ({
        kind: one.kind, id: one.id, what: one.what, day: one.day, reference: one.reference,
        amount: BigInt(one.amount), balance: BigInt(one.balance),
      })),
    };
  }

  /** What all accounts of an address owe, by provider; null: there is no such group. */
  async function group(groupNo) {
    const answer = await found("consolidation", "GetGroupDebts", { group_no: groupNo }, keys.house);
    return answer && {
      name: answer.name,
      money: moneyOf(answer),
      balance: BigInt(answer.balance),
      payable: BigInt(answer.payable),
      providers: answer.providers.map((one) => ({
        name: one.name,
        payable: BigInt(one.payable),
        accounts: one.accounts.map((account) => ({
          id: account.account_id, number: account.number, services: account.services, dueDay: account.due_day,
          balance: BigInt(account.balance), overdue: BigInt(account.overdue), payable: BigInt(account.payable),
          openItems: account.open_items.map(openItem),
        })),
      })),
    };
  }

  /** How people are told from now on; wanted.version is the one that is replaced. */
  async function setPreferences(number, wanted, requestId) {
    const request = {
      request_id: requestId,
      number,
      preferences: {
        channel: `NOTIFICATION_CHANNEL_${wanted.way}`,
        language: wanted.language,
        events: wanted.events.map((name) => `NOTIFICATION_EVENT_${name}`),
        version: wanted.version,
      },
    };
    await call("accounts", "SetNotificationPreferences", request, keys.clerk);
  }

  /** What can be paid now. */
  async function payable(number) {
    const target = { kind: "TARGET_KIND_ACCOUNT", text: number };
    const answer = await call("payments", "FetchBill", { channel, target });
    const [one] = answer.accounts;
    return {
      balance: BigInt(one.balance),
      payable: BigInt(one.payable),
      fee: BigInt(one.fee),
    };
  }

  /** Pays: the same reference posts once, however often it is sent. */
  async function pay(number, amount, fee, reference) {
    const answer = await call("payments", "PostPayment", {
      channel,
      reference,
      target: { kind: "TARGET_KIND_ACCOUNT", text: number },
      amount: String(amount),
      fee: String(fee),
      money_taken: false,
    });
    return { reference, amount: BigInt(answer.payment.amount), day: answer.payment.day };
  }

  /** A payment; receipt: the portal's own reference of it, "" where it came another way. */
  function payment(one) {
    const own = `${channel} `;
    return {
      day: one.day,
      amount: BigInt(one.amount),
      reference: one.reference,
      returned: one.reversed_day,
      receipt: one.reversed_day || !one.reference.startsWith(own) ? "" : one.reference.slice(own.length),
    };
  }

  return {
    provider, dashboard, bills, billOf, billFile, payments, receiptFile, consumption, statement, group,
    setPreferences, payable, pay,
  };
}

/** The currency of an answer, and its decimal digits. */
function moneyOf({ currency, digits }) {
  return { currency, digits };
}

function amountOrNull(text) {
  return text === null || text === undefined ? null : BigInt(text);
}

function openItem(item) {
  return { what: item.what, day: item.day, dueDay: item.due_day, open: BigInt(item.open) };
}

function preferences(told) {
  return {
    way: told.channel.replace("NOTIFICATION_CHANNEL_", ""),
    language: told.language,
    events: told.events.map((name) => name.replace("NOTIFICATION_EVENT_", "")),
    version: told.version,
  };
}

function bill(header) {
  return {
    id: header.bill_id,
    kind: header.kind.replace("BILL_KIND_", "").toLowerCase(),
    from: header.previous_day,
    to: header.this_day,
    issued: header.issued_day,
    due: header.due_day,
    money: moneyOf(header),
    opening: BigInt(header.opening),
    total: BigInt(header.total),
    closing: BigInt(header.closing),
    stands: header.stands,
  };
}

function span(told) {
  return {
    days: told.days,
    inputs: told.rated_from.inputs.map((one) => ({ name: one.name, value: one.number || one.text || "" })),
    lines: told.lines.map((line) => ({
      name: line.name, labels: line.labels, amount: BigInt(line.amount), digits: line.digits,
      unit: line.unit, counts: line.counts,
    })),
  };
}
