import { crc32 } from "../../src/data/crc32";

/** A file for a zip made by hand: whatever is not given is what it should be. */
export interface HandMade {
  readonly name: string;
  readonly content: Uint8Array;
  readonly method?: number;
  readonly flags?: number;
  /** unpacked */
  readonly size?: number;
  readonly crc?: number;
  /** where the directory says that its header is */
  readonly at?: number;
  /** what its own header says instead; false: it has none */
  readonly local?: false | { name?: string; crc?: number; size?: number; method?: number; flags?: number };
}

/** A zip as any writer, or none, would make it. */
export function zipOf(files: readonly HandMade[]): Uint8Array {
  const parts: Buffer[] = [],
    records: Buffer[] = [];
  let offset = 0;
  for (const file of files) {
    const { name, content, method = 0, flags = 0, size = content.length, crc = crc32(content), local } = file;
    const numbers = (of: { name: string; crc: number; size: number; method: number; flags: number }) => {
      const header = Buffer.alloc(26);
      header.writeUInt16LE(20, 0);
      header.writeUInt16LE(of.flags, 2);
      header.writeUInt16LE(of.method, 4);
      header.writeUInt32LE(0x00210000, 6);
      header.writeUInt32LE(of.crc, 10);
      header.writeUInt32LE(content.length, 14);
      header.writeUInt32LE(of.size, 18);
      header.writeUInt16LE(Buffer.byteLength(of.name), 22);
      return header;
    };
    const truth = { name, crc, size, method, flags };
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(file.at ?? offset, 10);
    const signature = (text: string) => Buffer.from(text, "latin1");
    records.push(signature("PK\x01\x02"), Buffer.from([20, 0]), numbers(truth), tail, Buffer.from(name));
    if (local === false) continue;
    const own = { ...truth, ...local };
    const header = [signature("PK\x03\x04"), numbers(own), Buffer.from(own.name), Buffer.from(content)];
    parts.push(...header);
    offset += header.reduce((sum, part) => sum + part.length, 0);
  }
  const directory = Buffer.concat(records),
    end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return new Uint8Array(Buffer.concat([...parts, directory, end]));
}
