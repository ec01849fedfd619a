// What the kit refuses: it makes a server whose users are known to everyone, so it serves this machine only, on a database of its own.

/** Settings that the kit makes itself, with the reason. */
const OWN: Readonly<Record<string, string>> = {
  database_url: 'the database is a temporary one, and no other is touched',
  data_dir: 'the data is in a temporary folder, and no other is touched',
  port: 'give it as an option: startDoorward({ port: 8000 })',
  mail_host: 'mails go to door.mails',
  mail_port: 'mails go to door.mails',
  mail_tls: 'mails go to door.mails',
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/

/** Throws where the server of a test must not run, with the reason and what to do. */
export function requireTest(settings: Readonly<Record<string, string>>, env = process.env): void {
  if (env['NODE_ENV'] === 'production')
    throw new Error('@doorward/test does not run in production: NODE_ENV is production. Set NODE_ENV=test.')
  for (const [name, value] of Object.entries(settings)) {
    const key = name.toLowerCase()
    const reason = OWN[key]
    if (reason !== undefined) throw new Error(`@doorward/test sets ${name} itself: ${reason}. Leave it out.`)
    if (key === 'host' && !LOOPBACK.test(value)) throw elsewhere(name, value)
    if (key === 'public_url' && !LOOPBACK.test(hostOf(value))) throw elsewhere(name, value)
  }
}

function elsewhere(name: string, value: string): Error {
  return new Error(
    `@doorward/test serves this machine only, and ${name} is ${value}. Leave it out, or use localhost or 127.0.0.1.`,
  )
}

function hostOf(url: string): string {
  try {
    return new URL(url).hostname
  } catch {
    return ''
  }
}

/** Throws where that Node is older than the server needs. */
export function requireNode(version: string, needed: string): void {
  const oldest = needed.replace('>=', '')
  if (version.localeCompare(oldest, 'en', { numeric: true }) >= 0) return
  throw new Error(
    `Doorward needs Node ${oldest} or newer, and this is Node ${version}. Run the tests with that, or give its path: ` +
      "startDoorward({ node: '/path/to/node' }).",
  )
}
