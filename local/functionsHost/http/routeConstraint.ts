/** A constraint of a route parameter, such as `int` or `length(1,5)`. Throws on one that ASP.NET does not know. */
export function constraintOf(text: string): (value: string) => boolean {
  const [, name = "", argument = ""] = /^([a-z]+)(?:\((.*)\))?$/i.exec(text) ?? [];
  const [first = Number.NaN, second] = argument.split(",").map(Number);
  switch (name.toLowerCase()) {
    case "int":
      return (value) => /^[+-]?\d+$/.test(value) && Math.abs(Number(value)) < 2 ** 31;
    case "long":
      return (value) => /^[+-]?\d{1,19}$/.test(value);
    case "bool":
      return (value) => /^(true|false)$/i.test(value);
    case "guid":
      return (value) => /^\{?[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}\}?$/i.test(value);
    case "alpha":
      return (value) => /^[a-z]*$/i.test(value);
    case "decimal":
    case "double":
    case "float":
      return (value) => value.trim() !== "" && !Number.isNaN(Number(value));
    case "datetime":
      return (value) => !Number.isNaN(Date.parse(value));
    case "length":
      return (value) => value.length >= first && value.length <= (second ?? first);
    case "minlength":
      return (value) => value.length >= first;
    case "maxlength":
      return (value) => value.length <= first;
    case "min":
      return (value) => Number(value) >= first;
    case "max":
      return (value) => Number(value) <= first;
    case "range":
      return (value) => Number(value) >= first && Number(value) <= (second ?? first);
    case "regex":
      return (value) => new RegExp(argument, "i").test(value);
    case "required":
      return (value) => value !== "";
    default:
      throw new Error(`The constraint '${text}' of a route parameter is not known.`);
  }
}
