import { crc32 } from "node:zlib";

/** A file as a browser's file box takes it. */
interface File {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

export const csv = (name: string, ...lines: string[]): File => ({
  name,
  mimeType: "text/csv",
  buffer: Buffer.from(lines.join("\r\n") + "\r\n"),
});

/** The same table as a spreadsheet program writes it: the few parts XLSX cannot do without. */
export function xlsx(name: string, ...lines: string[]): File {
  const cell = (text: string, row: number, column: number) =>
    `<c r="${String.fromCharCode(65 + column)}${row + 1}" t="inlineStr"><is><t>${text}</t></is></c>`;
  const rows = lines.map((line, row) => {
    const cells = line.split(",").map((text, at) => cell(text, row, at));
    return `<row r="${row + 1}">${cells.join("")}</row>`;
  });
  const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
  const office =
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  const packages =
    "http://schemas.openxmlformats.org/package/2006/relationships";
  const sheetType =
    "application/vnd.openxmlformats-officedocument.spreadsheetml";
  return {
    name,
    mimeType: `${sheetType}.sheet`,
    buffer: stored({
      "[Content_Types].xml": `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="${sheetType}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${sheetType}.worksheet+xml"/></Types>`,
      "_rels/.rels": `<Relationships xmlns="${packages}"><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
      "xl/workbook.xml": `<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="1" sheetId="1" r:id="rId1"/></sheets></workbook>`,
      "xl/_rels/workbook.xml.rels": `<Relationships xmlns="${packages}"><Relationship Id="rId1" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
      "xl/worksheets/sheet1.xml": `<worksheet xmlns="${main}"><sheetData>${rows.join("")}</sheetData></worksheet>`,
    }),
  };
}

/** A ZIP archive of parts as they are, not packed: local headers, directory, its end. */
function stored(parts: Record<string, string>): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [name, text] of Object.entries(parts)) {
    const content = Buffer.from(text);
    const title = Buffer.from(name);
    // What both headers tell: version, flags, method, time, sum, sizes, length of the name.
    const about = Buffer.alloc(26);
    about.writeUInt16LE(20, 0);
    about.writeUInt32LE(crc32(content), 10);
    about.writeUInt32LE(content.length, 14);
    about.writeUInt32LE(content.length, 18);
    about.writeUInt16LE(title.length, 22);
    const file = Buffer.concat([mark(0x04034b50), about, title, content]);
    const where = Buffer.alloc(14);
    where.writeUInt32LE(at, 10);
    const version = Buffer.alloc(2);
    version.writeUInt16LE(20);
    directory.push(mark(0x02014b50), version, about, where, title);
    files.push(file);
    at += file.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  const count = Object.keys(parts).length;
  end.writeUInt16LE(count, 4);
  end.writeUInt16LE(count, 6);
  end.writeUInt32LE(listed.length, 8);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...files, listed, mark(0x06054b50), end]);
}

function mark(signature: number): Buffer {
  const four = Buffer.alloc(4);
  four.writeUInt32LE(signature);
  return four;
}
