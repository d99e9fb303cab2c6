import { createEmptyPipeline, createHttpHeaders, type HttpClient } from "@azure/core-rest-pipeline";
import { beforeEach, describe, expect, it } from "vitest";
import { armReader } from "../../../src/azure/armReader.ts";
import { recollection } from "../../../src/azure/recollection.ts";

const MOST = 22;
let requests = 0;
beforeEach(() => (requests = 0));

/** `/lists/3` is a list of three pages with an item each; anything else is there. */
const client: HttpClient = {
  async sendRequest(request) {
    requests++;
    const { pathname, origin, searchParams } = new URL(request.url);
    const [, pages] = /^\/lists\/(\d+)/.exec(pathname) ?? [];
    const page = Number(searchParams.get("page") ?? 1);
    const nextLink = `${origin}${pathname}?page=${page + 1}`;
    const body = pages ? { value: [page], ...(page < Number(pages) && { nextLink }) } : {};
    return { request, status: 200, headers: createHttpHeaders(), bodyAsText: JSON.stringify(body) };
  },
};
const memory = () => recollection(armReader("https://management.test", createEmptyPipeline(), client));

describe("the reads of one preflight", () => {
  it("have each page of a list among them", async () => {
    const reader = memory().reader();
    expect(await reader.list("/lists/3", "1")).toMatchObject({ kind: "found", value: [1, 2, 3] });
    const rest = await Promise.all(Array.from({ length: MOST }, (_, at) => reader.get(`/resources/${at}`, "1")));
    expect(rest.filter(({ kind }) => kind === "found")).toHaveLength(MOST - 3);
    expect(rest.at(-1)).toMatchObject({ kind: "unreadable", code: "too-many-reads", isOurs: true });
    expect(requests).toBe(MOST);
  });

  it("end in the midst of lists that are too long, of which nothing is taken", async () => {
    const reader = memory().reader();
    const lists = await Promise.all(["/lists/30", "/lists/31"].map((path) => reader.list(path, "1")));
    for (const list of lists) {
      expect(list).toMatchObject({ kind: "unreadable", isOurs: true });
      expect(list).toMatchObject({ message: expect.stringContaining("was not read to its end") });
    }
    expect(requests).toBe(MOST);
  });

  it("have a list that is remembered among them once, however many pages it has", async () => {
    const remembering = memory();
    await remembering.reader().list("/lists/20", "1");
    const reader = remembering.reader();
    expect(await reader.list("/lists/20", "1")).toMatchObject({ kind: "found" });
    expect(requests).toBe(20);
    expect(await reader.list("/lists/21", "1")).toMatchObject({ kind: "found" });
  });
});
