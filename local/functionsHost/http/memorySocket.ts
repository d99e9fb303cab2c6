import { Duplex } from "node:stream";

/** One end of a connection within the process: what is written here is read there. */
class MemorySocket extends Duplex {
  /** Set once, right after both were made. */
  other: MemorySocket | undefined;
  localPort: number | undefined;
  remotePort: number | undefined;

  override _read(): void {}

  override _write(piece: Buffer, _: BufferEncoding, done: () => void): void {
    this.other?.push(piece);
    done();
  }

  override _final(done: () => void): void {
    this.other?.push(null);
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    // The other end sees a connection that was closed, not an error.
    if (this.other && !this.other.readableEnded) this.other.push(null);
    done(error);
  }

  // What clients and servers ask of a socket, and what means nothing without one.
  setKeepAlive(): this {
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setTimeout(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }
}

/** No port of the machine's has such a number. */
let nextPort = 100_000;

/** @returns the client's end and the server's, which know each other by the client's port as two sockets do. */
export function memorySocketPair(): [Duplex, Duplex] {
  const [near, far] = [new MemorySocket(), new MemorySocket()];
  near.localPort = far.remotePort = nextPort++;
  near.other = far;
  far.other = near;
  return [near, far];
}
