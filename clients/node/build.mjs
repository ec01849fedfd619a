// Makes dist/: one minified module, so that an app loads little, its source map, and the types that the compiler has made.
import { copyFileSync } from 'node:fs'
import { build } from 'rolldown'

await build({ input: 'src/index.ts', output: { file: 'dist/index.js', format: 'es', minify: true, sourcemap: true } })
copyFileSync('src/schema.d.ts', 'dist/schema.d.ts')
