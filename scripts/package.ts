// `npm run package` makes the npm package doorward-VERSION.tgz in the folder of the clone. It puts what the package holds into a temporary
// folder and packs that, since the package has another README and a shorter manifest than the clone, whose files stay as they are also
// when this is interrupted.
import { execFileSync } from 'node:child_process'
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

import { npmCommand } from './install.mjs'

const ROOT = join(import.meta.dirname, '..')
/** What the manifest says of clones only. */
const OF_CLONES = ['scripts', 'devDependencies', 'allowScripts', 'imports']

if (import.meta.main) {
  const folder = mkdtempSync(join(tmpdir(), 'doorward-package-'))
  try {
    stagePackage(folder)
    const { file, args, shell } = npmCommand()
    execFileSync(file, [...args, 'pack', folder, '--pack-destination', ROOT], { stdio: 'inherit', shell })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Puts the files of the package into an empty folder, with the program as it is built now. */
export function stagePackage(folder: string): void {
  const pointer = readFileSync(join(ROOT, 'dist', 'doorward.js'), 'utf8')
  const [, build = ''] = /'\.\/(\w+)\/main\.js'/.exec(pointer) ?? []
  const copied = [
    'LICENSE',
    'bin/*.js',
    'assets/**/*.{css,js,svg,txt,woff2}',
    'dist/doorward.js',
    `dist/${build}/*`,
    'dist/swagger-ui/*',
  ]
  for (const path of globSync(copied, { cwd: ROOT })) {
    // The sources that a source map refers to are not in the package.
    if (path.endsWith('.map')) continue
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    cpSync(join(ROOT, path), join(folder, path))
  }
  const manifest = JSON.parse(read('package.json')) as object
  const published = Object.entries(manifest).filter(([field]) => !OF_CLONES.includes(field))
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(Object.fromEntries(published), null, 2)}\n`)
  writeFileSync(join(folder, 'README.md'), read('scripts/package-readme.md'))
  writeFileSync(join(folder, 'CHANGELOG.md'), withoutLinksToFiles(read('CHANGELOG.md')))
}

/** The pages that the changelog links to are not in the package. */
function withoutLinksToFiles(markdown: string): string {
  return markdown.replaceAll(/\[([^\]]+)\]\((?!https?:)[^)]*\)/g, '$1')
}

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8')
}
