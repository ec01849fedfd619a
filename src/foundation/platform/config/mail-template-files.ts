// Reads the folder in which an operator keeps texts and a look for mails.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { readToml } from './settings-file.ts'
import type { ConfigFault, MailTemplateFiles, MailTextFile } from './types.ts'

/** Bytes of one file. */
const LARGEST = 64 * 1024

/** Names the file and the line of a fault. */
export function templateFault(path: string, line: number | null, found: string, wanted: string): ConfigFault {
  return { key: 'mail_templates', source: line === null ? path : `${path} line ${line}`, found, wanted }
}

/** Reads every file of the folder, except those whose name begins with a dot, and adds what is wrong with them to `faults`. */
export function readMailTemplates(folder: string, faults: ConfigFault[]): MailTemplateFiles {
  const texts: MailTextFile[] = []
  let look: MailTemplateFiles['look'] = null
  for (const file of filesIn(folder, faults)) {
    const path = join(folder, file)
    const content = contentOf(path, faults)
    if (content === undefined) continue
    if (file === 'look.css') look = { path, css: content }
    else if (file.endsWith('.toml')) texts.push(...textsIn(path, file.slice(0, -'.toml'.length), content, faults))
    else faults.push(templateFault(path, null, 'a file of another kind', '`look.css`, or texts such as `test.en.toml`'))
  }
  return { texts, look }
}

function filesIn(folder: string, faults: ConfigFault[]): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => !name.startsWith('.'))
      .toSorted()
  } catch (error) {
    faults.push(templateFault(folder, null, `no folder that can be read (${reasonOf(error)})`, 'a folder'))
    return []
  }
}

function contentOf(path: string, faults: ConfigFault[]): string | undefined {
  try {
    const bytes = readFileSync(path)
    if (bytes.length <= LARGEST) return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    faults.push(templateFault(path, null, 'a larger file', 'a file of at most 64 KiB'))
  } catch (error) {
    faults.push(templateFault(path, null, `no text that can be read (${reasonOf(error)})`, 'a file in UTF-8'))
  }
  return undefined
}

function textsIn(path: string, name: string, content: string, faults: ConfigFault[]): MailTextFile[] {
  const read = readToml(content)
  if (!('values' in read)) {
    faults.push(templateFault(path, read.line, read.found, 'TOML, such as `subject = "Welcome to {instance}"`'))
    return []
  }
  const rows = content.split('\n')
  const lineOf = (key: string): number =>
    1 +
    Math.max(
      0,
      rows.findIndex((row) => row.trimStart().startsWith(key)),
    )
  const lines = Object.fromEntries(Object.keys(read.values).map((key) => [key, lineOf(key)]))
  return [{ path, name, values: read.values, lines }]
}

function reasonOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'not UTF-8'
}
