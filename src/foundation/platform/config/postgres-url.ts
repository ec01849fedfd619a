const PARTS = /^(postgres(?:ql)?:\/\/(?:[^/?#]*@)?)([^/?#@]*)(.*)$/is

/**
 * For each host that a PostgreSQL URL lists, in order, the URL with that host alone: `postgres://ada@a:5432,b/doorward` names
 * two. User, database and parameters are those of the list. Undefined if the URL cannot be parsed, if a list has an
 * empty entry, or if a list is combined with a host or port parameter, which would replace each entry.
 */
export function hostUrls(url: string): string[] | undefined {
  const [, before = '', list = '', after = ''] = PARTS.exec(url) ?? []
  const urls = list.split(',').map((host) => before + host + after)
  const parsed = urls.map((each) => URL.parse(each))
  if (before === '' || !parsed.every((each) => each !== null)) return undefined
  const [first] = parsed
  if (urls.length === 1 || first === undefined) return urls
  const overrides = ['host', 'port'].some((name) => first.searchParams.has(name))
  return overrides || parsed.some(({ hostname }) => hostname === '') ? undefined : urls
}
