"""Small tariffs for the tests of the API: one with every kind of input, and refusals."""

WATER = """\
tariff: test-water
label: {en: Water of Testville, fr: Eau}
currency: RUB
rounding: {line: 0.01 half_up}
inputs:
  m3: {kind: quantity, unit: m3, decimals: 3, max: 1000}
  persons: {kind: number, decimals: 0, min: 1, max: 20, default: 1, per: segment}
  zone: {kind: choice, oneof: [north, south], default: north}
  exempt: {kind: flag, default: no}
  arrears: {kind: money, default: 0}
versions:
  - from: 2020-01-01
    rate: 2.5
    daily: 0.1
  - from: 2021-01-01
    rate: 3
lines:
  - {id: water, label: {en: Water}, is: m3 * rate}
  - {id: fee, is: days * persons * daily, when: not exempt}
  - {id: extra, is: m3 * 1, when: zone == south}
  - {id: before, is: arrears, info: yes}
total: {of: all}
"""

OTHER = """\
tariff: test-other
currency: USD
inputs:
  kwh: {kind: quantity, unit: kWh, decimals: 0, max: 100000}
versions:
  - {from: 2020-01-01, rate: 0.25}
lines:
  - {id: energy, is: kwh * rate, round: 0.01 half_up}
total: {of: all}
"""

STRICT = """\
tariff: test-strict
currency: USD
period: {change: refuse}
inputs:
  kwh: {kind: quantity, unit: kWh, decimals: 0, max: 100000}
versions:
  - from: 2020-01-01
    table:
      - {upto: 100, rate: 1}
      - {upto: 200, rate: 2}
  - from: 2021-01-01
    table:
      - {upto: 100, rate: 3}
      - {upto: 200, rate: 4}
lines:
  - {id: energy, tiers: {of: kwh, by: table}, round: 0.01 half_up}
total: {of: all}
"""

RUNNING = """\
tariff: test-running
currency: USD
inputs:
  kwh: {kind: quantity, unit: kWh, decimals: 0, max: 100000}
versions:
  - {from: 2020-01-01, rate: 1}
state:
  used: {decimals: 0, max: 1000000000, next: used + kwh}
lines:
  - {id: energy, is: kwh * rate, round: 0.01 half_up}
total: {of: all, round: 5 floor, carry: left}
"""

BROKEN = WATER.replace("m3 * rate", "m3 * rat")
"""WATER with an unknown name in line 18."""

RATCHET = """\
tariff: test-ratchet
currency: USD
inputs:
  kw: {kind: number, unit: kW, decimals: 0, max: 1000}
state:
  before: {history: 3, push: billed, decimals: 2, max: 1000}
versions:
  - {from: 2020-01-01, kept: 80%, rate: 10}
values:
  floor_kw: {is: kept * highest(before), round: 0.01 half_up}
  billed: max(kw, floor_kw)
lines:
  - {id: demand, is: billed * rate, round: 0.01 half_up}
total: {of: all}
"""
