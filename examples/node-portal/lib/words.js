// Languages: words, numbers, money and days as people write them. Amounts stay whole numbers: money
// is formatted from BigInt digits, never through a binary fraction.
import { readFileSync } from "node:fs";

const TEXTS = JSON.parse(readFileSync(new URL("../texts.json", import.meta.url), "utf8"));
const LOCALES = { en: "en-GB", fa: "fa-IR", ru: "ru-RU" };

export const LANGUAGES = Object.keys(TEXTS);
/** What languages call themselves. */
export const NAMES = { en: "English", fa: "فارسی", ru: "Русский" };

/** The words of a language and how it writes things; calendar: "jalali" or "gregorian". */
export function words(language, calendar = "gregorian") {
  const name = TEXTS[language] ? language : "en";
  const locale = LOCALES[name];
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const plain = new Intl.NumberFormat(locale, { useGrouping: false });
  const point = new Intl.NumberFormat(locale).formatToParts(1.5).find((part) => part.type === "decimal").value;
  const extension = calendar === "jalali" ? "-u-ca-persian" : "-u-ca-gregory";
  const days = new Intl.DateTimeFormat(locale + extension, {
    timeZone: "UTC", year: "numeric", month: "2-digit", day: "2-digit",
  });
  const months = new Intl.DateTimeFormat(locale + extension, { timeZone: "UTC", year: "numeric", month: "short" });
  const part = (parts, type) => parts.find((one) => one.type === type).value;
  const digit = (text) => text.replace(/\d/g, (sign) => plain.format(Number(sign)));
  const at = (iso) => new Date(`${iso}T00:00:00Z`);
  return {
    language: name,
    direction: name === "fa" ? "rtl" : "ltr",
    t: (key) => TEXTS[name][key] ?? TEXTS.en[key] ?? key,
    has: (key) => key in TEXTS.en,
    label: (labels, otherwise) => labels[name] ?? labels.en ?? Object.values(labels)[0] ?? otherwise,
    /** Without an era, which formats of other calendars add: 1397/07/30, 2018-10-22. */
    day(iso) {
      if (!iso) return "–";
      const parts = days.formatToParts(at(iso));
      const sign = calendar === "jalali" ? "/" : name === "ru" ? "." : "-";
      const order = sign === "." ? ["day", "month", "year"] : ["year", "month", "day"];
      return order.map((type) => part(parts, type)).join(sign);
    },
    month(iso) {
      const parts = months.formatToParts(at(iso));
      return `${part(parts, "month")} ${part(parts, "year").slice(-2)}`;
    },
    number: (text) => digit(String(text)).replace(".", point),
    /** Minor units with their currency: 1234567n of two digits is 12,345.67. */
    money(amount, { currency, digits }) {
      return `\u2066${this.amount(amount, { digits })}\u2069\u00a0${TEXTS[name].currencies?.[currency] ?? currency}`;
    },
    /** The same without the currency. */
    amount(amount, { digits }) {
      const sign = amount < 0n ? "\u2212" : "";
      const text = (amount < 0n ? -amount : amount).toString().padStart(digits + 1, "0");
      const rest = digits ? point + digit(text.slice(-digits)) : "";
      return sign + whole.format(BigInt(text.slice(0, text.length - digits))) + rest;
    },
  };
}

/** Minor units of what somebody typed, in any digits; null: it is no amount. */
export function typedAmount(text, digits) {
  const latin = text
    .replace(/[۰-۹]/g, (sign) => String(sign.charCodeAt(0) - 0x6f0))
    .replace(/[٠-٩]/g, (sign) => String(sign.charCodeAt(0) - 0x660))
    .replace(/[\s,٬\u00a0\u202f]/g, "")
    .replace("٫", ".");
  const found = /^(\d{1,15})(?:\.(\d+))?$/.exec(latin);
  if (!found || (found[2] ?? "").length > digits) return null;
  return BigInt(found[1] + (found[2] ?? "").padEnd(digits, "0"));
}

/** Minor units as somebody would type them. */
export function amountToType(amount, digits) {
  const text = amount.toString().padStart(digits + 1, "0");
  return digits ? `${text.slice(0, -digits)}.${text.slice(-digits)}` : text;
}
