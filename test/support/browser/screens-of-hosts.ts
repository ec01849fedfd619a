// The pages of protected hosts in each of their states.
import { CLOSED_HOST, PLAIN_HOST, RULED_HOST } from '../server/populated-hosts.ts'
import { type Screen, sending } from './screen.ts'

const HOSTS = '/admin/hosts'
const forHost = (host: string, more = ''): string => `/auth/for-host?host=${host}&leaving=${'0'.repeat(64)}${more}`
const RULED = `${HOSTS}/${RULED_HOST}`

export const HOST_SCREENS: readonly Screen[] = [
  { name: 'hosts', as: 'admin', at: HOSTS },
  { name: 'hosts-empty', as: 'owner', at: HOSTS, on: 'fresh' },
  { name: 'host-new', as: 'admin', at: `${HOSTS}/new` },
  {
    name: 'host-new-faults',
    as: 'admin',
    at: `${HOSTS}/new`,
    doing: sending({ name: 'photos.example.org:8443' }),
    status: 422,
  },
  { name: 'host', as: 'admin', at: RULED },
  { name: 'host-plain', as: 'admin', at: `${HOSTS}/${PLAIN_HOST}` },
  { name: 'host-proxy', as: 'admin', at: RULED, doing: (page) => page.click('#proxy summary') },
  { name: 'host-tried', as: 'admin', at: `${RULED}?method=GET&path=/admin&user=ada` },
  { name: 'host-tried-ambiguous', as: 'admin', at: `${RULED}?method=GET&path=/public/..%252fadmin` },
  { name: 'host-unknown', as: 'admin', at: `${HOSTS}/none.example.org`, status: 404 },
  { name: 'host-rule-new', as: 'admin', at: `${RULED}/rules/new` },
  { name: 'host-rule', as: 'admin', at: `${RULED}/rules/2` },
  {
    name: 'host-rule-faults',
    as: 'admin',
    at: `${RULED}/rules/2`,
    doing: sending({ path: 'admin', methods: 'get;' }),
    status: 422,
  },
  { name: 'host-rule-remove', as: 'admin', at: `${RULED}/rules/2/remove` },
  { name: 'host-change', as: 'admin', at: `${RULED}/change` },
  { name: 'host-delete', as: 'admin', at: `${RULED}/delete` },
  // What the browser of a user sees on its way to a host.
  { name: 'for-host-unknown', as: 'anonymous', at: forHost('none.example.org'), status: 403 },
  { name: 'for-host-not-allowed', as: 'user', at: forHost(CLOSED_HOST), status: 403 },
  { name: 'for-host-unmet', as: 'user', at: forHost(PLAIN_HOST, '&least=phishing-resistant'), status: 403 },
]
