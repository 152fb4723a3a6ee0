"""The units that inputs may name, and what they measure.

Two quantities of different units never meet in a sum or comparison (`check`);
conversions are plain factors that a document writes out.
"""

_BY_DIMENSION = {
    "energy": "Wh kWh MWh GWh kJ MJ GJ TJ kcal Mcal Gcal BTU MMBTU therm dekatherm kVAh MVAh",
    "reactive energy": "varh kvarh Mvarh",
    "power": "W kW MW HP VA kVA MVA",
    "reactive power": "var kvar Mvar",
    "current": "A",
    "voltage": "V kV",
    "volume": "m3 L hL kL ML ft3 ccf hcf kcf gal kgal imperial_gal ac_ft Nm3 Sm3",
    "area": "m2 ft2 ha acre",
    "length": "m mm cm km in ft",
    "mass": "kg t",
    "time": "h day month year",
    "count": "person household dwelling room fixture meter point unit container event",
    "temperature": "degree_day",
    "ratio": "percent ratio",
}
DIMENSION = {
    unit: dimension for dimension, units in _BY_DIMENSION.items() for unit in units.split()
}
UNITS = tuple(DIMENSION)
