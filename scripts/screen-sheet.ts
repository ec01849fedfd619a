// One page with the pictures of all screens beside each other, for whoever compares looks or languages, or what a change has made of them.
import { globSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Looks of one screen in the order of the sheet, which is also the end of the name of each picture. */
const LOOKS = ['1280.light', '1280.dark', '360.light', '360.dark'].flatMap((look) => [look, `${look}.de`])
/** Below the folder of the pictures: those of an earlier version, under the same names. */
const BEFORE = 'before'

/** Writes `sheet.html` into the folder of the pictures. Each screen has a row, and a second one above it where `before` has pictures of it. */
export function writeSheet(folder: string): void {
  const pictures = globSync(['*.png', `${BEFORE}/*.png`], { cwd: folder })
  const names = new Set(pictures.map((path) => path.replace(/^.*\//, '').replace(/\..*/, '')))
  const rows = [...names].toSorted().flatMap((name) =>
    [BEFORE, ''].map((version) => {
      const shown = LOOKS.map((look) => join(version, `${name}.${look}.png`)).filter((path) => pictures.includes(path))
      return shown.length === 0 ? '' : rowOf(`${name} ${version}`, shown)
    }),
  )
  writeFileSync(
    join(folder, 'sheet.html'),
    `<!doctype html><meta charset="utf-8"><title>Screens</title>${rows.join('')}`,
  )
}

function rowOf(title: string, paths: readonly string[]): string {
  const images = paths.map((path) => `<a href="${path}"><img src="${path}" alt="" height="320" loading="lazy"></a>`)
  return `<h2>${title}</h2><p style="white-space: nowrap; overflow-x: auto">${images.join(' ')}</p>\n`
}
