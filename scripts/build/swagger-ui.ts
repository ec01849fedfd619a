// Copies the files of Swagger UI, which draws the page /docs, from the package that the lockfile of the build pins. The program does not
// depend on that package, since it needs two of its files and nothing that comes with them (decision 0038).
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'

const FOLDER = 'swagger-ui'
const FILES = ['swagger-ui.css', 'swagger-ui-bundle.js']
const SOURCE = join(import.meta.dirname, 'node_modules', '@fastify', 'swagger-ui', 'static')

/** Whether the folder `dist` has the files. */
export function hasSwaggerUi(dist: string): boolean {
  return FILES.every((name) => existsSync(join(dist, FOLDER, name)))
}

/**
 * Puts the files into `dist` by way of `temporary`, a folder beside it, so that a server or a concurrent build meets whole files. Their
 * folder is not named for the build: two builds would keep 1.9 MB twice.
 */
export function copySwaggerUi(dist: string, temporary: string): void {
  mkdirSync(join(dist, FOLDER), { recursive: true })
  for (const name of FILES) {
    copyFileSync(join(SOURCE, name), join(temporary, name))
    renameSync(join(temporary, name), join(dist, FOLDER, name))
  }
}

/** The name, version and licence of Swagger UI. Throws if the licence kept here is that of another version than the files state. */
export function swaggerUiLicence(): string {
  const licence = readFileSync(join(import.meta.dirname, 'swagger-ui-licence.txt'), 'utf8')
  const [, kept = ''] = /^swagger-ui (\S+) /.exec(licence) ?? []
  if (!readFileSync(join(SOURCE, 'swagger-ui-bundle.js'), 'utf8').includes(`PACKAGE_VERSION:"${kept}"`))
    throw new Error(`swagger-ui-licence.txt is that of ${kept}; the package has another version of Swagger UI`)
  return licence
}
