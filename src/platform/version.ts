import packageFile from '../../package.json' with { type: 'json' }

/** The program's version (semver). */
export const VERSION: string = packageFile.version

/** The version of Node that runs it. */
export const NODE_VERSION: string = process.versions.node
