// Takes the indentation off what an app loads, for which the compiler has no option, and adds the types that are made already.
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'

for (const name of readdirSync('dist').filter((file) => file.endsWith('.js'))) {
  const path = `dist/${name}`
  const lines = readFileSync(path, 'utf8').split('\n')
  const isCut = lines.find((line) => line.split('`').length % 2 === 0)
  if (isCut !== undefined) throw new Error(`${path}: a text goes over several lines: ${isCut}`)
  writeFileSync(path, lines.map((line) => line.trimStart()).join('\n'))
}
copyFileSync('src/schema.d.ts', 'dist/schema.d.ts')
