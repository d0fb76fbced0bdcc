import { crc32, deflateRawSync } from 'node:zlib';

// 20 November 2026, 06:30, in the MS-DOS form of zip. Fixed: the clock would make every archive a new one.
const dosTime = (6 << 11) | (30 << 5);
const dosDate = ((2026 - 1980) << 9) | (11 << 5) | 20;

/** An archive of one deflated member. */
export function zipBytes(member: string, content: Buffer): Buffer {
  const name = Buffer.from(member);
  const deflated = deflateRawSync(content, { level: 9 });
  const shared = Buffer.alloc(26);
  shared.writeUInt16LE(20, 0); // version 2.0 to extract
  shared.writeUInt16LE(8, 4); // deflate
  shared.writeUInt16LE(dosTime, 6);
  shared.writeUInt16LE(dosDate, 8);
  shared.writeUInt32LE(crc32(content), 10);
  shared.writeUInt32LE(deflated.length, 14);
  shared.writeUInt32LE(content.length, 18);
  shared.writeUInt16LE(name.length, 22);
  const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), shared, name, deflated]);
  const central = Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), shared, Buffer.alloc(14), name]);
  return Buffer.concat([local, central, endOfCentralDirectory(central.length, local.length)]);
}

function endOfCentralDirectory(sizeBytes: number, offset: number): Buffer {
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(1, 8); // members on this disk, and in all
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(sizeBytes, 12);
  end.writeUInt32LE(offset, 16);
  return end;
}
