import { crc32, deflateRawSync } from 'node:zlib';

/** An entry of a zip file, with every lie that a test may want to tell. */
export type ZipMember = {
  readonly name: string;
  readonly data: string | Buffer;
  /** 0 stores, 8 deflates (the default); others are only claimed. */
  readonly method?: number;
  /** Bit 0: encrypted. Bit 6: strongly. Bit 3: sizes stand behind the data. */
  readonly flags?: number;
  readonly crc?: number;
  /** The size that the directory declares. */
  readonly declaredBytes?: number;
  /** Unix mode, for links. */
  readonly mode?: number;
};

export type ZipOptions = {
  /** Writes sizes and offsets as zip64 does, though they would fit. */
  readonly isZip64?: boolean;
};

const utf8Flag = 0x800;
const descriptorFlag = 0x8;
const max32 = 0xffffffff;

/** A zip file, as bytes. */
export function zipFile(members: readonly ZipMember[], options: ZipOptions = {}): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const member of members) {
    const local = localEntry(member);
    directory.push(directoryEntry(member, local.packed, offset, options.isZip64 ?? false));
    parts.push(local.bytes);
    offset += local.bytes.length;
  }
  const list = Buffer.concat(directory);
  return Buffer.concat([...parts, list, ...endRecords(members.length, list.length, offset, options.isZip64 ?? false)]);
}

function localEntry(member: ZipMember): { bytes: Buffer; packed: Buffer } {
  const data = Buffer.from(member.data);
  const packed = (member.method ?? 8) === 0 ? data : deflateRawSync(data);
  const name = Buffer.from(member.name);
  const flags = utf8Flag | (member.flags ?? 0);
  const isDescribed = (flags & descriptorFlag) !== 0;
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(20, 4);
  header.writeUInt16LE(flags, 6);
  header.writeUInt16LE(member.method ?? 8, 8);
  writeSizes(header, 14, isDescribed ? [0, 0, 0] : sizes(member, packed));
  header.writeUInt16LE(name.length, 26);
  const descriptor = Buffer.alloc(isDescribed ? 16 : 0);
  if (isDescribed) {
    descriptor.writeUInt32LE(0x08074b50, 0);
    writeSizes(descriptor, 4, sizes(member, packed));
  }
  return { bytes: Buffer.concat([header, name, packed, descriptor]), packed };
}

function directoryEntry(member: ZipMember, packed: Buffer, offset: number, isZip64: boolean): Buffer {
  const name = Buffer.from(member.name);
  const [crc, packedBytes, bytes] = sizes(member, packed);
  const extra = Buffer.alloc(isZip64 ? 28 : 0);
  if (isZip64) {
    extra.writeUInt16LE(1, 0);
    extra.writeUInt16LE(24, 2);
    [bytes, packedBytes, offset].forEach((value, index) => extra.writeBigUInt64LE(BigInt(value), 4 + 8 * index));
  }
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE(member.mode === undefined ? 20 : 0x0314, 4);
  header.writeUInt16LE(20, 6);
  header.writeUInt16LE(utf8Flag | (member.flags ?? 0), 8);
  header.writeUInt16LE(member.method ?? 8, 10);
  writeSizes(header, 16, isZip64 ? [crc, max32, max32] : [crc, packedBytes, bytes]);
  header.writeUInt16LE(name.length, 28);
  header.writeUInt16LE(extra.length, 30);
  header.writeUInt32LE(((member.mode ?? 0) << 16) >>> 0, 38);
  header.writeUInt32LE(isZip64 ? max32 : offset, 42);
  return Buffer.concat([header, name, extra]);
}

function sizes(member: ZipMember, packed: Buffer): readonly [number, number, number] {
  const data = Buffer.from(member.data);
  return [member.crc ?? crc32(data), packed.length, member.declaredBytes ?? data.length];
}

function writeSizes(target: Buffer, at: number, [crc, packed, bytes]: readonly [number, number, number]): void {
  target.writeUInt32LE(crc, at);
  target.writeUInt32LE(packed, at + 4);
  target.writeUInt32LE(bytes, at + 8);
}

function endRecords(count: number, listBytes: number, listOffset: number, isZip64: boolean): Buffer[] {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(isZip64 ? max32 : listBytes, 12);
  end.writeUInt32LE(isZip64 ? max32 : listOffset, 16);
  if (!isZip64) return [end];
  const record = Buffer.alloc(56);
  record.writeUInt32LE(0x06064b50, 0);
  record.writeBigUInt64LE(44n, 4);
  [count, count, listBytes, listOffset].forEach((value, index) => record.writeBigUInt64LE(BigInt(value), 24 + 8 * index));
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(listOffset + listBytes), 8);
  locator.writeUInt32LE(1, 16);
  return [record, locator, end];
}
