import { open } from 'node:fs/promises'

import { ConfigFaults } from './config/config.ts'
import { errorCode } from './system.ts'

const LARGEST = 100 * 1024
const PNG_START = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
/** Offset of the width in a PNG; the height follows it (RFC 2083 §4.1.1). */
const PNG_WIDTH_AT = 16

/** The declaration, comments and document type of an XML document, then its first element. */
const SVG_START = /^\uFEFF?\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--[\s\S]*?-->\s*|<!DOCTYPE[^>[]*>\s*)*(<svg(?:\s[^>]*)?>)/

export interface PictureFile {
  readonly format: 'svg' | 'png'
  readonly content: Buffer
  /** Width divided by height. */
  readonly proportion: number
}

/** The settings that name a picture; an icon must be square. */
type PictureSetting = 'logo' | 'icon'

/** Reads a picture and checks its format. Throws `ConfigFaults`, which names the setting, the file and what is wrong with it. */
export async function readPictureFile(key: PictureSetting, path: string): Promise<PictureFile> {
  const fault = (found: string): ConfigFaults =>
    new ConfigFaults([{ key, source: path, found, wanted: `${WANTED[key]} of at most 100 KiB` }])
  const content = await readContent(path).catch((error: unknown) => {
    throw fault(`none that can be read (${errorCode(error) || 'unknown reason'})`)
  })
  if (content === undefined) throw fault('a larger one')
  const picture = readPng(content) ?? readSvg(content)
  if (picture === undefined) throw fault('something else in it')
  if (key === 'icon' && picture.proportion !== 1) throw fault('a picture that is not square')
  return picture
}

const WANTED: Readonly<Record<PictureSetting, string>> = {
  logo: 'an SVG or PNG file',
  icon: 'a square SVG or PNG file',
}

/** The content of a file; undefined if it is larger than `LARGEST`. */
async function readContent(path: string): Promise<Buffer | undefined> {
  await using file = await open(path)
  const { size } = await file.stat()
  return size > LARGEST ? undefined : await file.readFile()
}

function readPng(content: Buffer): PictureFile | undefined {
  if (content.length < PNG_WIDTH_AT + 8 || !content.subarray(0, PNG_START.length).equals(PNG_START)) return undefined
  const [width, height] = [content.readUInt32BE(PNG_WIDTH_AT), content.readUInt32BE(PNG_WIDTH_AT + 4)]
  return { format: 'png', content, proportion: proportionOf(width, height) }
}

function readSvg(content: Buffer): PictureFile | undefined {
  const [, root] = SVG_START.exec(content.toString()) ?? []
  if (root === undefined) return undefined
  const [, viewBox = ''] = /\sviewBox=["']([^"']*)/.exec(root) ?? []
  const [, , width, height] = viewBox.trim().split(/[\s,]+/)
  return { format: 'svg', content, proportion: proportionOf(Number(width), Number(height)) }
}

/** 1 where the file gives no usable width and height. */
function proportionOf(width: number, height: number): number {
  return width > 0 && height > 0 ? width / height : 1
}
