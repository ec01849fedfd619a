import { open } from 'node:fs/promises'

import { ConfigFaults } from './config/config.ts'
import { errorCode } from './system.ts'

const LARGEST = 100 * 1024
const PNG_START = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
/** Offset of the width in a PNG; the height follows it (RFC 2083 §4.1.1). */
const PNG_WIDTH_AT = 16

/** The declaration, comments and document type of an XML document, then its first element. */
const SVG_START = /^\uFEFF?\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--[\s\S]*?-->\s*|<!DOCTYPE[^>[]*>\s*)*(<svg(?:\s[^>]*)?>)/

export interface LogoFile {
  readonly format: 'svg' | 'png'
  readonly content: Buffer
  /** Width divided by height. */
  readonly proportion: number
}

/** Reads a picture and checks its format. Throws `ConfigFaults`, which names the file and what is wrong with it. */
export async function readLogoFile(path: string): Promise<LogoFile> {
  const content = await readContent(path)
  if (content === undefined) throw fault(path, 'a larger one')
  const picture = readPng(content) ?? readSvg(content)
  if (picture === undefined) throw fault(path, 'something else in it')
  return picture
}

/** The content of a file; undefined if it is larger than `LARGEST`. */
async function readContent(path: string): Promise<Buffer | undefined> {
  try {
    await using file = await open(path)
    const { size } = await file.stat()
    return size > LARGEST ? undefined : await file.readFile()
  } catch (error) {
    throw fault(path, `none that can be read (${errorCode(error) || 'unknown reason'})`)
  }
}

function readPng(content: Buffer): LogoFile | undefined {
  if (content.length < PNG_WIDTH_AT + 8 || !content.subarray(0, PNG_START.length).equals(PNG_START)) return undefined
  const [width, height] = [content.readUInt32BE(PNG_WIDTH_AT), content.readUInt32BE(PNG_WIDTH_AT + 4)]
  return { format: 'png', content, proportion: proportionOf(width, height) }
}

function readSvg(content: Buffer): LogoFile | undefined {
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

function fault(path: string, found: string): ConfigFaults {
  return new ConfigFaults([{ key: 'logo', source: path, found, wanted: 'an SVG or PNG file of at most 100 KiB' }])
}
