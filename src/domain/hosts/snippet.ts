// The configuration of a reverse proxy for one protected host, with everything that Doorward needs to know of a request.
import { IDENTITY_HEADERS } from './identity-headers.ts'

export const PROXIES = ['nginx', 'caddy'] as const
export type ProxyName = (typeof PROXIES)[number]

export interface SnippetFacts {
  /** The name of the protected host. */
  readonly host: string
  /** The URL under which users open this server. */
  readonly publicUrl: string
  /** Where the proxy reaches this server, as `address:port`. */
  readonly upstream?: string
}

const UPSTREAM = '127.0.0.1:8000'
/** Where the app listens: the reader replaces it. */
const APP = '127.0.0.1:3000'

/** Returns the configuration of a proxy for a protected host. Only the location of the app, and for nginx the certificate, are left to fill in. */
export function snippetFor(facts: SnippetFacts, proxy: ProxyName): string {
  return SNIPPETS[proxy]({ upstream: UPSTREAM, ...facts })
}

const SNIPPETS: Readonly<Record<ProxyName, (facts: Required<SnippetFacts>) => string>> = {
  nginx: nginxSnippet,
  caddy: caddySnippet,
}

/** The headers that Doorward reads of a request, beside those about the connection. */
const READ = [
  'Cookie',
  'Authorization',
  'Accept',
  'Accept-Language',
  'Origin',
  'User-Agent',
  'Sec-Fetch-Mode',
  'Sec-Fetch-Dest',
  'Sec-Fetch-Site',
  'Access-Control-Request-Method',
]

function variable(header: string): string {
  return header.toLowerCase().replaceAll('-', '_')
}

/** Each line, with this indentation. */
function lines(indentation: string, all: readonly string[]): string {
  return all.map((line) => `${indentation}${line}`).join('\n')
}

function nginxSnippet({ host, publicUrl, upstream }: Required<SnippetFacts>): string {
  const identity = IDENTITY_HEADERS.map((header) => ({
    header,
    held: `$${variable(header).replace('remote', 'doorward')}`,
  }))
  return `# ${host} protected by Doorward: put this file into /etc/nginx/conf.d/ (nginx 1.25.1 or newer), and change the app and the certificate.
# Doorward must trust this proxy: DOORWARD_TRUSTED_PROXIES=127.0.0.1 (the address nginx comes from).

map $http_upgrade $doorward_connection {
  default upgrade;
  '' '';
}

server {
  listen 443 ssl;
  listen [::]:443 ssl;
  http2 on;
  server_name ${host};

  ssl_certificate /etc/letsencrypt/live/${host}/fullchain.pem;
  ssl_certificate_key /etc/letsencrypt/live/${host}/privkey.pem;

  # What Doorward learns of a request. The name of the host is fixed: a client can write another one into its request.
  proxy_set_header Host ${new URL(publicUrl).host};
  proxy_set_header X-Forwarded-For $remote_addr;
  proxy_set_header X-Forwarded-Host ${host};
  proxy_set_header X-Forwarded-Proto $scheme;
  proxy_set_header X-Forwarded-Method $request_method;
  proxy_set_header X-Forwarded-Uri $request_uri;
  proxy_set_header Content-Length "";
  proxy_set_header Connection "";
${lines(
  '  ',
  READ.map((header) => `proxy_set_header ${header} $http_${variable(header)};`),
)}
  proxy_http_version 1.1;
  proxy_buffer_size 16k;
  proxy_buffers 4 16k;

  location / {
    auth_request /.doorward/verify;
${lines(
  '    ',
  identity.map(({ header, held }) => `auth_request_set ${held} $upstream_http_${variable(header)};`),
)}
    # Doorward answers the browser itself: by leading to the sign-in, or with the reason.
    error_page 401 403 = @doorward;
    # While Doorward is away, nothing reaches the app.
    error_page 500 =503 @doorward_away;

    # The app: whatever a client sends under these names is replaced, in each spelling that apps read.
    proxy_pass http://${APP};
${lines(
  '    ',
  identity.flatMap(({ header, held }) => [
    `proxy_set_header ${header} ${held};`,
    `proxy_set_header ${header.replace('-', '_')} "";`,
  ]),
)}
    proxy_set_header Host $http_host;
    proxy_set_header X-Forwarded-For $remote_addr;
    proxy_set_header X-Forwarded-Host $http_host;
    proxy_set_header X-Forwarded-Proto $scheme;
    proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Connection $doorward_connection;
  }

  location = /.doorward/verify {
    internal;
    proxy_pass http://${upstream}/auth/verify?answer=status;
    proxy_pass_request_headers off;
    proxy_pass_request_body off;
  }

  location /.doorward/ {
    proxy_pass http://${upstream};
    proxy_pass_request_headers off;
    proxy_pass_request_body off;
  }

  location @doorward {
    rewrite ^ /.doorward/start? break;
    proxy_method GET;
    proxy_pass http://${upstream};
    proxy_pass_request_headers off;
    proxy_pass_request_body off;
  }

  location @doorward_away {
    return 503;
  }
}
`
}

function caddySnippet({ host, upstream }: Required<SnippetFacts>): string {
  return `# ${host} protected by Doorward: a site of the Caddyfile (Caddy 2.6 or newer). Change the app.
# Doorward must trust this proxy: DOORWARD_TRUSTED_PROXIES=127.0.0.1 (the address Caddy comes from).

${host} {
	# Signing in and out at this host.
	handle /.doorward/* {
		reverse_proxy ${upstream} {
			header_up X-Forwarded-Method {method}
			header_up X-Forwarded-Uri {uri}
		}
	}

	handle {
		# In this order: whatever a client sends under these names goes first, in each spelling that apps read.
		route {
			request_header -Remote*
			# A client could name headers here that Caddy then removes.
			request_header Connection Upgrade
			forward_auth ${upstream} {
				uri /auth/verify
				copy_headers ${IDENTITY_HEADERS.join(' ')}
			}
			vars doorward_passed yes
			reverse_proxy ${APP}
		}
	}

	# While Doorward is away, nothing reaches the app. An outage of the app itself keeps its own status.
	handle_errors {
		@app vars doorward_passed yes
		respond @app "" {http.error.status_code}
		respond 503
	}
}
`
}
