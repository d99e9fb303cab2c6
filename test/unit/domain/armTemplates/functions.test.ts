import { describe, expect, test } from "vitest";
import { evaluated } from "../../../support/armTemplate.ts";

const SUBSCRIPTION = "/subscriptions/4f6d8a52-9b1e-4d3a-8c47-6e0b7f21a3c5";

const CASES: [expression: string, value: unknown][] = [
  ["[concat('a', 1, true())]", "a1True"],
  ["[concat(createArray(1), createArray(2, 3))]", [1, 2, 3]],
  ["[format('{0}-{1}-{0} {{x}} {2:D3} {3:X}', 'a', 2, 7, 255)]", "a-2-a {x} 007 FF"],
  ["[toUpper(substring('golden', 1, 3))]", "OLD"],
  ["[replace('a-b-c', '-', '')]", "abc"],
  ["[split('a,b;c', createArray(',', ';'))]", ["a", "b", "c"]],
  ["[join(createArray('a', 'b'), '/')]", "a/b"],
  ["[padLeft(7, 3, '0')]", "007"],
  ["[trim('  x ')]", "x"],
  ["[startsWith('Windows', 'WIN')]", true],
  ["[endsWith('Windows', 'OWS')]", true],
  ["[indexOf('Windows', 'DOW')]", 3],
  ["[lastIndexOf('aba', 'A')]", 2],
  ["[contains('Windows', 'win')]", false],
  ["[contains(createObject('Key', 1), 'kEY')]", true],
  ["[contains(createArray('a'), 'a')]", true],
  ["[base64ToString(base64('Grüße'))]", "Grüße"],
  ["[base64ToJson(base64('{\"a\": 1}'))]", { a: 1 }],
  ["[json('{\"a\": [null, 1]}')]", { a: [null, 1] }],
  ["[string(createObject('a', createArray(1, false())))]", '{"a":[1,false]}'],
  ["[uri('https://store.example/scripts/', 'setup.ps1')]", "https://store.example/scripts/setup.ps1"],
  ["[uriComponentToString(uriComponent('a b'))]", "a b"],
  ["[add(2, mul(3, sub(10, mod(9, 5))))]", 20],
  ["[div(7, -2)]", -3],
  ["[int('42')]", 42],
  ["[max(3, 9, 4)]", 9],
  ["[min(createArray(3, 9, 4))]", 3],
  ["[range(5, 3)]", [5, 6, 7]],
  ["[and(greater(2, 1), lessOrEquals('a', 'b'), not(false()))]", true],
  ["[or(false(), bool('TRUE'))]", true],
  ["[if(equals(1, 1), 'yes', reference('nothing').x)]", "yes"],
  ["[coalesce(null(), 'b')]", "b"],
  ["[empty('')]", true],
  ["[empty(createObject())]", true],
  ["[length('four')]", 4],
  ["[first(createArray(1, 2))]", 1],
  ["[last('abc')]", "c"],
  ["[skip(createArray(1, 2, 3), 1)]", [2, 3]],
  ["[take('golden', 4)]", "gold"],
  ["[flatten(createArray(createArray(1), createArray(2)))]", [1, 2]],
  ["[union(createObject('a', createObject('x', 1)), createObject('A', createObject('y', 2)))]", { a: { x: 1, y: 2 } }],
  ["[union(createArray(1, 2), createArray(2, 3))]", [1, 2, 3]],
  ["[intersection(createArray(1, 2), createArray(2, 3))]", [2]],
  ["[shallowMerge(createArray(createObject('a', 1), createObject('b', 2), createObject('a', 3)))]", { a: 3, b: 2 }],
  ["[objectKeys(createObject('b', 1, 'a', 2))]", ["a", "b"]],
  ["[items(createObject('b', 1))[0].key]", "b"],
  ["[tryGet(createObject('a', createObject('b', 1)), 'a', 'B')]", 1],
  ["[tryGet(createObject('a', 1), 'x')]", null],
  ["[createObject('a', createArray(1, 2)).A[1]]", 2],
  ["[map(range(0, 3), lambda('i', mul(lambdaVariables('i'), 2)))]", [0, 2, 4]],
  ["[filter(range(0, 5), lambda('i', greater(lambdaVariables('i'), 2)))]", [3, 4]],
  ["[reduce(range(1, 4), 0, lambda('sum', 'next', add(lambdaVariables('sum'), lambdaVariables('next'))))]", 10],
  ["[sort(createArray(3, 1, 2), lambda('a', 'b', less(lambdaVariables('a'), lambdaVariables('b'))))]", [1, 2, 3]],
  [
    "[toObject(createArray('a', 'b'), lambda('x', lambdaVariables('x')), lambda('x', length(lambdaVariables('x'))))]",
    { a: 1, b: 1 },
  ],
  ["[mapValues(createObject('a', 1), lambda('v', add(lambdaVariables('v'), 1)))]", { a: 2 }],
  [
    "[groupBy(createArray('ab', 'c', 'de'), lambda('x', string(length(lambdaVariables('x')))))]",
    { 1: ["c"], 2: ["ab", "de"] },
  ],
  ["[resourceGroup().location]", "westeurope"],
  ["[resourceGroup().id]", `${SUBSCRIPTION}/resourceGroups/rg-images`],
  ["[subscription().subscriptionId]", SUBSCRIPTION.slice(15)],
  ["[environment().suffixes.storage]", "core.windows.net"],
  [
    "[resourceId('Microsoft.Compute/galleries/images', 'gallery', 'ubuntu')]",
    `${SUBSCRIPTION}/resourceGroups/rg-images/providers/Microsoft.Compute/galleries/gallery/images/ubuntu`,
  ],
  [
    "[resourceId('rg-network', 'Microsoft.Network/virtualNetworks/subnets', 'vnet', 'snet')]",
    `${SUBSCRIPTION}/resourceGroups/rg-network/providers/Microsoft.Network/virtualNetworks/vnet/subnets/snet`,
  ],
  [
    "[extensionResourceId('/subscriptions/s/resourceGroups/g', 'Microsoft.Compute/images', 'i')]",
    "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/images/i",
  ],
  [
    "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'r')]",
    `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/r`,
  ],
];

describe("ARM's functions", () => {
  test.each(CASES)("%s", (expression, value) => {
    expect(evaluated(expression)).toEqual(value);
  });

  test("uniqueString gives the texts that Azure gives", () => {
    // Recorded in Azure, as public projects tell.
    expect(evaluated("[uniqueString('tyeth')]")).toBe("zcztcwvu6iyg6");
    expect(
      evaluated(
        "[uniqueString('/subscriptions/3c7f956b-55ee-4686-9d30-da1eb631dc59/resourceGroups/rg-devopsshieldek010dev')]",
      ),
    ).toBe("fd63l2gacbtca");
  });

  test("guid is a name-based UUID of its texts joined by hyphens", () => {
    expect(evaluated("[guid('a', 'b')]")).toBe(evaluated("[guid('a-b')]"));
    expect(evaluated("[guid('a', 'b')]")).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  });

  test("names of functions have no case", () => {
    expect(evaluated("[ToLower(CONCAT('A', 'B'))]")).toBe("ab");
  });

  test("what only looks like an expression is text", () => {
    expect(evaluated("[[concat('a')]")).toBe("[concat('a')]");
    expect(evaluated("[ -f /etc/os-release ] && true")).toBe("[ -f /etc/os-release ] && true");
    expect(evaluated("it''s")).toBe("it''s");
    expect(evaluated("['it''s']")).toBe("it's");
  });
});

describe("a fault names the place and the expression", () => {
  test.each([
    ["[reference('x').outputs.y.value]", "uses reference(), whose result is known only while it is deployed"],
    ["[listKeys('x', '2023-01-01').keys[0]]", "uses listKeys(), whose result is known only while it is deployed"],
    ["[ -f /etc/motd ]", "has an unexpected -f /etc/motd: a text from [ to ] is an expression"],
    ["[utcNow()]", "uses utcNow() outside of a parameter's default"],
    ["[cidrSubnet('10.0.0.0/16', 24, 0)]", "uses cidrSubnet(), a function that is not understood"],
    ["[concat('a'", "text"],
    ["[concat('a)]", "has a text without its closing quote"],
    ["[add('a', 1)]", "add takes an integer as its first argument, not a string"],
    ["[substring('abc', 2, 5)]", "substring reaches beyond its text of 3 characters"],
    ["[createObject('a', 1).b]", "asks for the property b, which is not there; it has a"],
    ["[createArray(1)[4]]", "asks for element 4 of an array of 1"],
    ["[div(1, 0)]", "div divides by zero"],
    ["[parameters('nowhere')]", "asks for the parameter nowhere, which the template does not have"],
    ["[variables('nowhere')]", "asks for the variable nowhere, which the template does not have"],
    ["[copyIndex()]", "uses copyIndex outside of a copy loop"],
    ["[subscription().tenantId]", "asks for the subscription's tenantId, which only Azure knows"],
  ])("%s", (expression, message) => {
    const result = evaluated(expression);
    if (message === "text") return expect(result).toBe(expression);
    expect(result).toEqual({ fault: expect.stringContaining(`resources[0].properties.value: ${message}`) });
    expect(result).toEqual({ fault: expect.stringContaining(expression) });
  });
});
