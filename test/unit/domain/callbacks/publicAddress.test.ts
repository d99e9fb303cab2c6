import { describe, expect, it } from "vitest";
import { isLoopbackAddress, isPublicAddress } from "../../../../src/domain/callbacks/publicAddress.ts";

describe("isPublicAddress", () => {
  it.each(["8.8.8.8", "20.50.2.1", "168.63.129.15", "100.63.255.255", "172.32.0.1", "2606:4700::1111", "2a01:111::1"])(
    "lets %s be called",
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );

  it.each([
    ["this host", "0.0.0.0"],
    ["loopback", "127.0.0.1"],
    ["all of loopback", "127.255.255.254"],
    ["private", "10.0.0.4"],
    ["private", "172.31.255.255"],
    ["private", "192.168.1.1"],
    ["carrier-grade NAT", "100.64.0.1"],
    ["link-local, the metadata service among it", "169.254.169.254"],
    ["the platform's", "168.63.129.16"],
    ["documentation", "203.0.113.9"],
    ["benchmarks", "198.18.0.1"],
    ["multicast", "224.0.0.1"],
    ["reserved", "240.0.0.1"],
    ["broadcast", "255.255.255.255"],
    ["unspecified", "::"],
    ["loopback", "::1"],
    ["unique local", "fd00::1"],
    ["link-local", "fe80::1"],
    ["link-local with a zone", "fe80::1%eth0"],
    ["a zone", "2606:4700::1111%eth0"],
    ["site-local", "fec0::1"],
    ["multicast", "ff02::1"],
    ["IPv4-mapped", "::ffff:8.8.8.8"],
    ["IPv4-mapped", "::ffff:a9fe:a9fe"],
    ["IPv4-compatible", "::7f00:1"],
    ["NAT64", "64:ff9b::a9fe:a9fe"],
    ["NAT64 of a public one", "64:ff9b::808:808"],
    ["local-use NAT64", "64:ff9b:1::a00:4"],
    ["6to4 of a private one", "2002:a00:4::1"],
    ["Teredo", "2001:0:4136:e378:8000:63bf:3fff:fdd2"],
    ["documentation", "2001:db8::1"],
    ["documentation", "3fff::1"],
    ["discard only", "100::1"],
    ["octal", "0177.0.0.1"],
    ["a number", "2130706433"],
    ["shortened", "127.1"],
    ["a prefix", "8.8.8.8/31"],
    ["a range", "8.8.8.8-8.8.8.9"],
    ["a name", "example.com"],
    ["nothing", ""],
  ])("refuses %s: %s", (_, address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});

describe("isLoopbackAddress", () => {
  it.each(["127.0.0.1", "127.1.2.3", "::1"])("knows %s", (address) => {
    expect(isLoopbackAddress(address)).toBe(true);
  });

  it.each(["8.8.8.8", "10.0.0.1", "169.254.169.254", "::", "0.0.0.0", "::ffff:127.0.0.1"])("is not %s", (address) => {
    expect(isLoopbackAddress(address)).toBe(false);
  });
});
