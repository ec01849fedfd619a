// Threat: a client without the required credential calls a route: with none, with an unfinished sign-in, with a token of another
// purpose, with an ended one. Every route of the server is called; the table below states who may use which.
import { type RawBuilder, sql } from 'kysely'
import assert from 'node:assert/strict'

import { issueLink } from '#domain/links/link.service.ts'
import { startSession } from '#domain/sessions/session.service.ts'
import { PERMISSIONS } from '#foundation/kernel/principal.ts'
import { days, hours, minutes } from '#foundation/kernel/time.ts'
import { createRole } from '#use-cases/administration/roles/roles.service.ts'
import { ask, firstAdmin, newcomer } from '../support/people/people.ts'
import { newSignedInUser } from '../support/people/replaceable-users.ts'
import { opensAttempt } from '../support/people/second-factors.ts'
import { callRoute, guardedRoutes, type LiveRoute, liveRoutes, scopesOf } from '../support/requests/live-routes.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { type Server, start } from '../support/server/start.ts'

/** Method, URL and required access, two permissions where the route names users, `a|b` where one of two opens it; `recent`: needs a recent authentication; `page`: answers with HTML. */
const ACCESS_TABLE = [
  'DELETE /apps/:id apps:write recent',
  'DELETE /apps/:id/grants apps:write recent',
  'DELETE /apps/:id/icon apps:write recent',
  'DELETE /apps/:id/secrets/:secret_id apps:write recent',
  'DELETE /attributes/:key policy:write recent',
  'DELETE /groups/:id groups:write',
  'DELETE /groups/:id/managers/:user_id groups:write users:read',
  'DELETE /groups/:id/members/:user_id groups:write users:read',
  'DELETE /hosts/:name apps:write recent',
  'DELETE /policies/:id policy:write recent',
  'DELETE /policies/:id/exemptions/:user_id policy:write users:read recent',
  'DELETE /policies/:id/versions/:version policy:write recent',
  'DELETE /resources/:id apps:write recent',
  'DELETE /roles/:name roles:write recent',
  'DELETE /session signed-in',
  'DELETE /users/:id users:write recent',
  'DELETE /users/:id/apps/:app_id users:write audit:read',
  'DELETE /users/:id/remembered-devices users:write',
  'DELETE /users/:id/remembered-devices/:deviceId users:write',
  'DELETE /users/:id/tokens/:tokenId users:write',
  'DELETE /users/me signed-in recent',
  'DELETE /users/me/apps/:id signed-in',
  'DELETE /users/me/email/pending signed-in',
  'DELETE /users/me/groups/:id/members/:user_id signed-in',
  'DELETE /users/me/passkeys/:id signed-in recent',
  'DELETE /users/me/remembered-devices signed-in',
  'DELETE /users/me/remembered-devices/:id signed-in',
  'DELETE /users/me/sessions signed-in',
  'DELETE /users/me/sessions/:id signed-in',
  'DELETE /users/me/tokens/:id signed-in',
  'DELETE /users/me/totp/:id signed-in recent',
  'GET / anyone page',
  'GET /.doorward/enter anyone',
  'GET /.doorward/sign-out anyone',
  'GET /.doorward/start anyone',
  'GET /.well-known/change-password anyone page',
  'GET /.well-known/oauth-authorization-server/oidc anyone',
  'GET /.well-known/openid-configuration/oidc anyone',
  'GET /.well-known/passkey-endpoints anyone',
  'GET /.well-known/security.txt anyone',
  'GET /account signed-in page',
  'GET /account/activity signed-in page',
  'GET /account/apps signed-in page',
  'GET /account/apps/:id/sign-out signed-in page',
  'GET /account/delete signed-in recent page',
  'GET /account/deleted anyone page',
  'GET /account/groups signed-in page',
  'GET /account/groups/:id signed-in page',
  'GET /account/recovered signed-in page',
  'GET /account/security signed-in page',
  'GET /account/security/app/new signed-in recent page',
  'GET /account/security/app/remove/:id signed-in recent page',
  'GET /account/security/app/rename/:id signed-in page',
  'GET /account/security/app/replace/:id signed-in recent page',
  'GET /account/security/passkeys/new signed-in recent page',
  'GET /account/security/passkeys/remove/:id signed-in recent page',
  'GET /account/security/passkeys/rename/:id signed-in page',
  'GET /account/security/password signed-in page',
  'GET /account/security/recovery-codes signed-in recent page',
  'GET /account/security/recovery-codes/saved signed-in page',
  'GET /account/security/requests signed-in page',
  'GET /account/security/tokens/new signed-in recent page',
  'GET /account/security/tokens/revoke/:id signed-in page',
  'GET /admin users:read page',
  'GET /admin/activity audit:read page',
  'GET /admin/activity/chain audit:read page',
  'GET /admin/activity/events/:id audit:read page',
  'GET /admin/activity/export audit:read page',
  'GET /admin/agents apps:write page',
  'GET /admin/agents/change apps:write recent page',
  'GET /admin/approvals server:read users:read page',
  'GET /admin/approvals/:id users:read page',
  'GET /admin/apps apps:write page',
  'GET /admin/apps/:id apps:write page',
  'GET /admin/apps/:id/access apps:write page',
  'GET /admin/apps/:id/change apps:write recent page',
  'GET /admin/apps/:id/delete apps:write recent page',
  'GET /admin/apps/:id/details apps:write page',
  'GET /admin/apps/:id/disable apps:write recent page',
  'GET /admin/apps/:id/end-sign-ins apps:write recent page',
  'GET /admin/apps/:id/icon apps:write recent page',
  'GET /admin/apps/:id/secrets apps:write page',
  'GET /admin/apps/:id/secrets/:secret/end apps:write recent page',
  'GET /admin/apps/:id/secrets/new apps:write recent page',
  'GET /admin/apps/:id/sign-ins apps:write page',
  'GET /admin/apps/:id/test apps:write page',
  'GET /admin/apps/:id/undo-access apps:write recent page',
  'GET /admin/apps/new apps:write recent page',
  'GET /admin/attributes policy:write page',
  'GET /admin/attributes/:key policy:write recent page',
  'GET /admin/attributes/:key/delete policy:write recent page',
  'GET /admin/attributes/new policy:write recent page',
  'GET /admin/checkup server:read users:read page',
  'GET /admin/connect users:read page',
  'GET /admin/groups users:read page',
  'GET /admin/groups/:id users:read page',
  'GET /admin/groups/:id/delete groups:write users:read page',
  'GET /admin/groups/:id/edit groups:write users:read page',
  'GET /admin/groups/new groups:write users:read page',
  'GET /admin/hosts apps:write page',
  'GET /admin/hosts/:name apps:write page',
  'GET /admin/hosts/:name/change apps:write recent page',
  'GET /admin/hosts/:name/delete apps:write recent page',
  'GET /admin/hosts/:name/rules/:rule apps:write recent page',
  'GET /admin/hosts/:name/rules/:rule/remove apps:write recent page',
  'GET /admin/hosts/:name/rules/new apps:write recent page',
  'GET /admin/hosts/new apps:write recent page',
  'GET /admin/mails server:read users:read page',
  'GET /admin/mails/:id server:read users:read page',
  'GET /admin/mails/:id/drop users:write recent page',
  'GET /admin/policies policy:write page',
  'GET /admin/policies/:id policy:write page',
  'GET /admin/policies/:id/change policy:write recent page',
  'GET /admin/policies/:id/delete policy:write recent page',
  'GET /admin/policies/:id/end policy:write recent page',
  'GET /admin/policies/:id/exemptions policy:write users:read page',
  'GET /admin/policies/:id/exemptions/:user_id/end policy:write users:read recent page',
  'GET /admin/policies/:id/exemptions/new policy:write users:read recent page',
  'GET /admin/policies/:id/plan policy:write users:read page',
  'GET /admin/policies/:id/rename policy:write recent page',
  'GET /admin/policies/:id/versions/:version/cancel policy:write recent page',
  'GET /admin/policies/new policy:write recent page',
  'GET /admin/refusals audit:read page',
  'GET /admin/refusals/:id audit:read page',
  'GET /admin/registrations users:read page',
  'GET /admin/registrations/:id users:write page',
  'GET /admin/registrations/:id/decline users:write page',
  'GET /admin/resources apps:write page',
  'GET /admin/resources/:id apps:write page',
  'GET /admin/resources/:id/change apps:write recent page',
  'GET /admin/resources/:id/delete apps:write recent page',
  'GET /admin/resources/new apps:write recent page',
  'GET /admin/roles roles:write page',
  'GET /admin/roles/:name roles:write page',
  'GET /admin/roles/:name/change roles:write recent page',
  'GET /admin/roles/:name/delete roles:write recent page',
  'GET /admin/roles/new roles:write recent page',
  'GET /admin/users users:read page',
  'GET /admin/users/:id users:read page',
  'GET /admin/users/:id/activity audit:read users:read page',
  'GET /admin/users/:id/delete users:write recent page',
  'GET /admin/users/:id/disable users:write page',
  'GET /admin/users/:id/exempt/:policy users:help users:read recent page',
  'GET /admin/users/:id/expiry users:write page',
  'GET /admin/users/:id/groups users:read page',
  'GET /admin/users/:id/help users:help users:read page',
  'GET /admin/users/:id/invitation users:write page',
  'GET /admin/users/:id/refusal users:help users:read page',
  'GET /admin/users/:id/requirements policy:write users:read page',
  'GET /admin/users/:id/reset-second-step users:help|users:reset-factors recent page',
  'GET /admin/users/:id/sign-in users:read page',
  'GET /admin/users/:id/sign-out users:write page',
  'GET /admin/users/:id/tokens/:tokenId/revoke users:write page',
  'GET /admin/users/bulk users:write page',
  'GET /admin/users/email-confirmations users:write page',
  'GET /admin/users/invite-many users:write page',
  'GET /admin/users/new users:write page',
  'GET /agents apps:write',
  'GET /approvals server:read users:read',
  'GET /approvals/:id users:read',
  'GET /apps apps:write',
  'GET /apps/:id apps:write',
  'GET /apps/:id/deliveries apps:write',
  'GET /apps/:id/icon anyone',
  'GET /assets/doorward.css anyone',
  'GET /assets/headings.woff2 anyone',
  'GET /assets/icon.png anyone',
  'GET /assets/icon.svg anyone',
  'GET /assets/icons.svg anyone',
  'GET /assets/modules/browser-time-zone.js anyone',
  'GET /assets/modules/caps-lock.js anyone',
  'GET /assets/modules/clock.js anyone',
  'GET /assets/modules/copy.js anyone',
  'GET /assets/modules/countdown.js anyone',
  'GET /assets/modules/dismiss.js anyone',
  'GET /assets/modules/elsewhere.js anyone',
  'GET /assets/modules/keys.js anyone',
  'GET /assets/modules/live-search.js anyone',
  'GET /assets/modules/menu.js anyone',
  'GET /assets/modules/needed-boxes.js anyone',
  'GET /assets/modules/option-hint.js anyone',
  'GET /assets/modules/passkey.js anyone',
  'GET /assets/modules/password-strength.js anyone',
  'GET /assets/modules/pick.js anyone',
  'GET /assets/modules/proof-of-work.js anyone',
  'GET /assets/modules/recovery-codes.js anyone',
  'GET /assets/modules/roving.js anyone',
  'GET /assets/modules/sections.js anyone',
  'GET /assets/modules/selection.js anyone',
  'GET /assets/modules/show-password.js anyone',
  'GET /assets/modules/signal-passkeys.js anyone',
  'GET /assets/modules/slow-answer.js anyone',
  'GET /assets/modules/submit-code.js anyone',
  'GET /assets/modules/theme.js anyone',
  'GET /assets/modules/time-zone.js anyone',
  'GET /assets/wide.css anyone',
  'GET /attributes signed-in',
  'GET /attributes/:key signed-in',
  'GET /audit-events audit:read',
  'GET /auth/for-host anyone page',
  'GET /auth/verify anyone',
  'GET /checkup server:read users:read',
  'GET /confirm signed-in page',
  'GET /confirm-email/:token anyone page',
  'GET /device anyone page',
  'GET /docs anyone page',
  'GET /docs/:file anyone',
  'GET /endings anyone',
  'GET /enrolment attempt page',
  'GET /enrolment-link/:token anyone page',
  'GET /enrolment/app attempt page',
  'GET /enrolment/passkey attempt page',
  'GET /favicon.ico anyone',
  'GET /forgot-password anyone page',
  'GET /forgot-password/sent anyone page',
  'GET /groups users:read',
  'GET /groups/:id users:read',
  'GET /groups/:id/managers users:read',
  'GET /groups/:id/members users:read',
  'GET /healthz anyone',
  'GET /hosts apps:write',
  'GET /hosts/:name apps:write',
  'GET /invitation/:token anyone page',
  'GET /mails server:read users:read',
  'GET /mails/:id server:read users:read',
  'GET /not-me/:token anyone page',
  'GET /objection/:token anyone page',
  'GET /oidc/.well-known/openid-configuration anyone',
  'GET /oidc/auth anyone page',
  'GET /oidc/auth/:uid anyone page',
  'GET /oidc/device anyone page',
  'GET /oidc/interaction/:uid anyone page',
  'GET /oidc/jwks anyone',
  'GET /oidc/me anyone',
  'GET /oidc/session/end anyone page',
  'GET /openapi.json anyone',
  'GET /overview users:read',
  'GET /password-reset/:token anyone page',
  'GET /policies policy:write',
  'GET /policies/:id policy:write',
  'GET /policies/:id/exemptions policy:write users:read',
  'GET /policies/:id/plan policy:write users:read',
  'GET /policies/:id/progress policy:write',
  'GET /problems/:code anyone page',
  'GET /readyz anyone',
  'GET /refusals/:id audit:read',
  'GET /register anyone page',
  'GET /register/sent anyone page',
  'GET /register/waiting anyone page',
  'GET /registration/:token anyone page',
  'GET /registrations users:read',
  'GET /registrations/challenge anyone',
  'GET /resources apps:write',
  'GET /resources/:id apps:write',
  'GET /roles roles:write',
  'GET /roles/:name roles:write',
  'GET /session signed-in',
  'GET /setup anyone page',
  'GET /setup/:token anyone page',
  'GET /sign-in anyone page',
  'GET /sign-in/help anyone page',
  'GET /sign-in/lost attempt page',
  'GET /sign-in/passkey anyone page',
  'GET /sign-in/review attempt page',
  'GET /sign-in/second-step attempt page',
  'GET /sign-out anyone page',
  'GET /site.webmanifest anyone',
  'GET /undo-email/:token anyone page',
  'GET /users users:read',
  'GET /users/:id users:read',
  'GET /users/:id/apps audit:read users:read',
  'GET /users/:id/attributes users:read',
  'GET /users/:id/factors users:read',
  'GET /users/:id/groups users:read',
  'GET /users/:id/help users:help users:read',
  'GET /users/:id/policy policy:write users:read',
  'GET /users/:id/refusals/:reference users:help users:read',
  'GET /users/:id/remembered-devices users:read',
  'GET /users/:id/review users:read',
  'GET /users/:id/tokens users:read',
  'GET /users/me signed-in',
  'GET /users/me/activity signed-in',
  'GET /users/me/approvals signed-in',
  'GET /users/me/apps signed-in',
  'GET /users/me/attributes signed-in',
  'GET /users/me/email signed-in',
  'GET /users/me/factors signed-in',
  'GET /users/me/groups signed-in',
  'GET /users/me/groups/:id/members signed-in',
  'GET /users/me/notices signed-in',
  'GET /users/me/recovery-codes signed-in',
  'GET /users/me/remembered-devices signed-in',
  'GET /users/me/sessions signed-in',
  'GET /users/me/tokens signed-in',
  'PATCH /agents apps:write recent',
  'PATCH /apps/:id apps:write recent',
  'PATCH /attributes/:key policy:write recent',
  'PATCH /groups/:id groups:write',
  'PATCH /hosts/:name apps:write recent',
  'PATCH /policies/:id policy:write recent',
  'PATCH /resources/:id apps:write recent',
  'PATCH /roles/:name roles:write recent',
  'PATCH /users/:id users:write',
  'PATCH /users/:id/attributes users:write',
  'PATCH /users/me signed-in',
  'PATCH /users/me/attributes signed-in',
  'PATCH /users/me/notices signed-in recent',
  'PATCH /users/me/passkeys/:id signed-in',
  'PATCH /users/me/totp/:id signed-in',
  'POST /.doorward/sign-out anyone',
  'POST /account signed-in page',
  'POST /account/apps/:id/sign-out signed-in page',
  'POST /account/attributes signed-in page',
  'POST /account/delete signed-in recent page',
  'POST /account/email/discard signed-in page',
  'POST /account/email/verify signed-in page',
  'POST /account/groups/:id/members signed-in page',
  'POST /account/groups/:id/members/:user/remove signed-in page',
  'POST /account/notices signed-in recent page',
  'POST /account/security/app/new signed-in recent page',
  'POST /account/security/app/remove/:id signed-in recent page',
  'POST /account/security/app/rename/:id signed-in page',
  'POST /account/security/app/replace/:id signed-in recent page',
  'POST /account/security/passkeys/new signed-in recent page',
  'POST /account/security/passkeys/remove/:id signed-in recent page',
  'POST /account/security/passkeys/rename/:id signed-in page',
  'POST /account/security/password signed-in page',
  'POST /account/security/password/strength signed-in page',
  'POST /account/security/recovery-codes signed-in recent page',
  'POST /account/security/recovery-codes/saved signed-in page',
  'POST /account/security/remembered-devices/:id/forget signed-in page',
  'POST /account/security/remembered-devices/forget-all signed-in page',
  'POST /account/security/requests/:id/object signed-in page',
  'POST /account/security/sessions/:id/end signed-in page',
  'POST /account/security/sessions/end-others signed-in page',
  'POST /account/security/tokens/new signed-in recent page',
  'POST /account/security/tokens/revoke/:id signed-in page',
  'POST /admin/activity/chain audit:read page',
  'POST /admin/activity/export audit:read page',
  'POST /admin/agents/change apps:write recent page',
  'POST /admin/agents/end-sign-ins apps:write recent page',
  'POST /admin/approvals/:id/approve users:write recent page',
  'POST /admin/approvals/:id/carry-out users:write recent page',
  'POST /admin/approvals/:id/decline users:write recent page',
  'POST /admin/approvals/:id/withdraw users:read recent page',
  'POST /admin/apps/:id/change apps:write recent page',
  'POST /admin/apps/:id/delete apps:write recent page',
  'POST /admin/apps/:id/deliveries/retry apps:write page',
  'POST /admin/apps/:id/disable apps:write recent page',
  'POST /admin/apps/:id/enable apps:write recent page',
  'POST /admin/apps/:id/end-sign-ins apps:write recent page',
  'POST /admin/apps/:id/icon apps:write recent page',
  'POST /admin/apps/:id/icon/remove apps:write recent page',
  'POST /admin/apps/:id/secrets/:secret/end apps:write recent page',
  'POST /admin/apps/:id/secrets/new apps:write recent page',
  'POST /admin/apps/:id/undo-access apps:write recent page',
  'POST /admin/apps/new apps:write recent page',
  'POST /admin/attributes/:key policy:write recent page',
  'POST /admin/attributes/:key/delete policy:write recent page',
  'POST /admin/attributes/:key/move policy:write recent page',
  'POST /admin/attributes/new policy:write recent page',
  'POST /admin/get-started/close users:write page',
  'POST /admin/groups/:id/delete groups:write users:read page',
  'POST /admin/groups/:id/edit groups:write users:read page',
  'POST /admin/groups/:id/managers groups:write users:read page',
  'POST /admin/groups/:id/managers/:user/remove groups:write users:read page',
  'POST /admin/groups/:id/members groups:write users:read page',
  'POST /admin/groups/:id/members/:user/remove groups:write users:read page',
  'POST /admin/groups/new groups:write users:read page',
  'POST /admin/hosts/:name/change apps:write recent page',
  'POST /admin/hosts/:name/delete apps:write recent page',
  'POST /admin/hosts/:name/rules/:rule apps:write recent page',
  'POST /admin/hosts/:name/rules/:rule/move apps:write recent page',
  'POST /admin/hosts/:name/rules/:rule/remove apps:write recent page',
  'POST /admin/hosts/:name/rules/new apps:write recent page',
  'POST /admin/hosts/new apps:write recent page',
  'POST /admin/mails/:id/drop users:write recent page',
  'POST /admin/mails/:id/retry users:write page',
  'POST /admin/mails/retry users:write page',
  'POST /admin/policies/:id/change policy:write recent page',
  'POST /admin/policies/:id/delete policy:write recent page',
  'POST /admin/policies/:id/end policy:write recent page',
  'POST /admin/policies/:id/exemptions/:user_id/end policy:write users:read recent page',
  'POST /admin/policies/:id/exemptions/new policy:write users:read recent page',
  'POST /admin/policies/:id/rename policy:write recent page',
  'POST /admin/policies/:id/versions/:version/cancel policy:write recent page',
  'POST /admin/policies/new policy:write recent page',
  'POST /admin/registrations/:id/approve users:write page',
  'POST /admin/registrations/:id/decline users:write page',
  'POST /admin/resources/:id/change apps:write recent page',
  'POST /admin/resources/:id/delete apps:write recent page',
  'POST /admin/resources/new apps:write recent page',
  'POST /admin/roles/:name/change roles:write recent page',
  'POST /admin/roles/:name/delete roles:write recent page',
  'POST /admin/roles/new roles:write recent page',
  'POST /admin/users/:id users:write page',
  'POST /admin/users/:id/apps/:app/end users:write audit:read page',
  'POST /admin/users/:id/attributes users:write page',
  'POST /admin/users/:id/delete users:write recent page',
  'POST /admin/users/:id/disable users:write page',
  'POST /admin/users/:id/enable users:write page',
  'POST /admin/users/:id/exempt/:policy users:help users:read recent page',
  'POST /admin/users/:id/expiry users:write page',
  'POST /admin/users/:id/groups groups:write users:read page',
  'POST /admin/users/:id/groups/:group/remove groups:write users:read page',
  'POST /admin/users/:id/invitation users:write page',
  'POST /admin/users/:id/invitation/again users:help users:read page',
  'POST /admin/users/:id/lift-review users:write recent page',
  'POST /admin/users/:id/password-link users:help users:read page',
  'POST /admin/users/:id/remembered-devices/:deviceId/forget users:write page',
  'POST /admin/users/:id/remembered-devices/forget-all users:write page',
  'POST /admin/users/:id/reset-second-step users:help|users:reset-factors recent page',
  'POST /admin/users/:id/sessions/:session/end users:write page',
  'POST /admin/users/:id/sign-out users:write page',
  'POST /admin/users/:id/tokens/:tokenId/revoke users:write page',
  'POST /admin/users/:id/unlock users:help page',
  'POST /admin/users/bulk users:write page',
  'POST /admin/users/email-confirmations users:write page',
  'POST /admin/users/invite-many users:write page',
  'POST /admin/users/new users:write page',
  'POST /agents/end-sign-ins apps:write recent',
  'POST /approvals/:id/approve users:write recent',
  'POST /approvals/:id/carry-out users:write recent',
  'POST /approvals/:id/decline users:write recent',
  'POST /approvals/:id/withdraw signed-in recent',
  'POST /apps apps:write recent',
  'POST /apps/:id/access-check apps:write',
  'POST /apps/:id/deliveries/retry apps:write',
  'POST /apps/:id/disable apps:write recent',
  'POST /apps/:id/enable apps:write recent',
  'POST /apps/:id/secrets apps:write recent',
  'POST /attempts anyone',
  'POST /attempts/passkey attempt',
  'POST /attempts/passkey/options attempt',
  'POST /attempts/passkeys attempt',
  'POST /attempts/passkeys/options attempt',
  'POST /attempts/review attempt',
  'POST /attempts/review/factors attempt',
  'POST /attempts/second-factor attempt',
  'POST /attempts/totp attempt',
  'POST /attempts/totp/confirm attempt',
  'POST /attributes policy:write recent',
  'POST /confirm signed-in page',
  'POST /confirm-email/:token anyone page',
  'POST /emails/confirm anyone',
  'POST /emails/undo anyone',
  'POST /enrolment-link/:token anyone page',
  'POST /enrolment-links/accept anyone',
  'POST /enrolment/app attempt page',
  'POST /enrolment/passkey attempt page',
  'POST /forgot-password anyone page',
  'POST /groups groups:write',
  'POST /groups/:id/members groups:write users:read',
  'POST /hosts apps:write recent',
  'POST /hosts/:name/check apps:write',
  'POST /invitation/:token anyone page',
  'POST /invitation/:token/strength anyone page',
  'POST /invitations/accept anyone',
  'POST /invitations/bulk users:write',
  'POST /mails/:id/drop users:write recent',
  'POST /mails/:id/retry users:write',
  'POST /mails/retry users:write',
  'POST /not-me/:token anyone page',
  'POST /notices/not-me anyone',
  'POST /notices/read anyone',
  'POST /objection/:token anyone page',
  'POST /objections anyone',
  'POST /oidc/auth anyone',
  'POST /oidc/device signed-in page',
  'POST /oidc/device/allow signed-in page',
  'POST /oidc/device/auth anyone',
  'POST /oidc/device/deny signed-in page',
  'POST /oidc/interaction/:uid/consent signed-in page',
  'POST /oidc/interaction/:uid/deny signed-in page',
  'POST /oidc/interaction/:uid/other signed-in page',
  'POST /oidc/interaction/:uid/unmet signed-in page',
  'POST /oidc/me anyone',
  'POST /oidc/request anyone',
  'POST /oidc/session/end anyone',
  'POST /oidc/session/end/confirm anyone page',
  'POST /oidc/token anyone',
  'POST /oidc/token/introspection anyone',
  'POST /oidc/token/revocation anyone',
  'POST /password-reset/:token anyone page',
  'POST /password-reset/:token/strength anyone page',
  'POST /password-resets anyone',
  'POST /password-resets/complete anyone',
  'POST /policies policy:write recent',
  'POST /policies/:id/end policy:write recent',
  'POST /policies/:id/versions policy:write recent',
  'POST /policies/plan policy:write users:read',
  'POST /register anyone page',
  'POST /registration/:token anyone page',
  'POST /registration/:token/strength anyone page',
  'POST /registrations anyone',
  'POST /registrations/:id/approve users:write',
  'POST /registrations/:id/decline users:write',
  'POST /registrations/submit anyone',
  'POST /resources apps:write recent',
  'POST /roles roles:write recent',
  'POST /session/proof signed-in',
  'POST /session/proof/passkey/options signed-in',
  'POST /setup anyone page',
  'POST /setup/:token anyone page',
  'POST /setup/:token/strength anyone page',
  'POST /sign-in anyone page',
  'POST /sign-in/passkey anyone page',
  'POST /sign-in/review attempt page',
  'POST /sign-in/review/strength attempt page',
  'POST /sign-in/second-step attempt page',
  'POST /sign-out anyone page',
  'POST /single-keys signed-in page',
  'POST /theme anyone page',
  'POST /token anyone',
  'POST /undo-email/:token anyone page',
  'POST /users users:write',
  'POST /users/:id/disable users:write',
  'POST /users/:id/enable users:write',
  'POST /users/:id/exemptions users:help users:read recent',
  'POST /users/:id/invitation users:write',
  'POST /users/:id/invitation/again users:help users:read',
  'POST /users/:id/password-link users:help users:read',
  'POST /users/:id/reset-second-factor users:help|users:reset-factors recent',
  'POST /users/:id/review/lift users:write recent',
  'POST /users/:id/sign-out users:write',
  'POST /users/:id/unlock users:help',
  'POST /users/email-confirmations users:write',
  'POST /users/me/approvals/:id/object signed-in',
  'POST /users/me/email/confirm signed-in',
  'POST /users/me/email/verify signed-in',
  'POST /users/me/groups/:id/members signed-in',
  'POST /users/me/passkeys signed-in',
  'POST /users/me/passkeys/options signed-in recent',
  'POST /users/me/recovery-codes signed-in recent',
  'POST /users/me/tokens signed-in recent',
  'POST /users/me/totp signed-in recent',
  'POST /users/me/totp/:id/confirm signed-in',
  'PUT /apps/:id/icon apps:write recent',
  'PUT /groups/:id/managers/:user_id groups:write users:read',
  'PUT /groups/:id/members/:user_id groups:write users:read',
  'PUT /policies/:id/exemptions/:user_id policy:write users:read recent',
  'PUT /users/me signed-in',
  'PUT /users/me/password signed-in',
]

function lineOf({ method, url, config: { access, or, besides, authentication, page } }: LiveRoute): string {
  const named = url.replace(/^(\/assets\/[\w/-]+)\.[0-9a-f]+\./, '$1.')
  const opened = or === undefined ? access : `${access}|${or}`
  return [method, named, opened, besides, authentication && 'recent', page && 'page'].filter(Boolean).join(' ')
}

test('the access of each route is that of the table, and no route is missing', async (t) => {
  const lines = (await liveRoutes(await start(t))).map(lineOf).toSorted()
  assert.deepEqual(lines, ACCESS_TABLE)
})

leaveToTestAll()

/** The routes that accept an API token, with the scopes that each requires. */
const TOKEN_TABLE = [
  'DELETE /groups/:id groups:write',
  'DELETE /groups/:id/managers/:user_id groups:write users:read',
  'DELETE /groups/:id/members/:user_id groups:write users:read',
  'DELETE /users/:id/apps/:app_id users:write audit:read',
  'DELETE /users/:id/remembered-devices users:write',
  'DELETE /users/:id/remembered-devices/:deviceId users:write',
  'DELETE /users/:id/tokens/:tokenId users:write',
  'DELETE /users/me/apps/:id self:write',
  'GET /agents apps:write',
  'GET /approvals server:read users:read',
  'GET /approvals/:id users:read',
  'GET /apps apps:write',
  'GET /apps/:id apps:write',
  'GET /apps/:id/deliveries apps:write',
  'GET /attributes self:read',
  'GET /attributes/:key self:read',
  'GET /audit-events audit:read',
  'GET /checkup server:read users:read',
  'GET /groups users:read',
  'GET /groups/:id users:read',
  'GET /groups/:id/managers users:read',
  'GET /groups/:id/members users:read',
  'GET /hosts apps:write',
  'GET /hosts/:name apps:write',
  'GET /mails server:read users:read',
  'GET /mails/:id server:read users:read',
  'GET /overview users:read',
  'GET /policies policy:write',
  'GET /policies/:id policy:write',
  'GET /policies/:id/exemptions policy:write users:read',
  'GET /policies/:id/plan policy:write users:read',
  'GET /policies/:id/progress policy:write',
  'GET /refusals/:id audit:read',
  'GET /registrations users:read',
  'GET /resources apps:write',
  'GET /resources/:id apps:write',
  'GET /roles roles:write',
  'GET /roles/:name roles:write',
  'GET /users users:read',
  'GET /users/:id users:read',
  'GET /users/:id/apps audit:read users:read',
  'GET /users/:id/attributes users:read',
  'GET /users/:id/factors users:read',
  'GET /users/:id/groups users:read',
  'GET /users/:id/help users:help users:read',
  'GET /users/:id/policy policy:write users:read',
  'GET /users/:id/refusals/:reference users:help users:read',
  'GET /users/:id/remembered-devices users:read',
  'GET /users/:id/review users:read',
  'GET /users/:id/tokens users:read',
  'GET /users/me self:read',
  'GET /users/me/activity self:read',
  'GET /users/me/apps self:read',
  'GET /users/me/attributes self:read',
  'GET /users/me/groups self:read',
  'PATCH /groups/:id groups:write',
  'PATCH /users/:id users:write',
  'PATCH /users/:id/attributes users:write',
  'PATCH /users/me self:write',
  'PATCH /users/me/attributes self:write',
  'POST /apps/:id/access-check apps:write',
  'POST /apps/:id/deliveries/retry apps:write',
  'POST /groups groups:write',
  'POST /groups/:id/members groups:write users:read',
  'POST /hosts/:name/check apps:write',
  'POST /invitations/bulk users:write',
  'POST /mails/:id/retry users:write',
  'POST /mails/retry users:write',
  'POST /policies/plan policy:write users:read',
  'POST /registrations/:id/approve users:write',
  'POST /registrations/:id/decline users:write',
  'POST /users users:write',
  'POST /users/:id/disable users:write',
  'POST /users/:id/enable users:write',
  'POST /users/:id/invitation users:write',
  'POST /users/:id/invitation/again users:help users:read',
  'POST /users/:id/password-link users:help users:read',
  'POST /users/:id/sign-out users:write',
  'POST /users/:id/unlock users:help',
  'POST /users/email-confirmations users:write',
  'PUT /groups/:id/managers/:user_id groups:write users:read',
  'PUT /groups/:id/members/:user_id groups:write users:read',
]

test('an API token is accepted where the table says so: on no page, and on no route that requires re-authentication', async (t) => {
  const lines = (await liveRoutes(await start(t))).flatMap((route) => {
    const scopes = scopesOf(route)
    return scopes === undefined ? [] : [`${route.method} ${route.url} ${scopes.join(' ')}`]
  })
  assert.deepEqual(lines.toSorted(), TOKEN_TABLE)
  const withoutTokens = ACCESS_TABLE.filter((row) => /\b(?:recent|page)\b/.test(row))
  assert.ok(withoutTokens.length > 20)
  for (const line of lines) {
    const [method, url] = line.split(' ')
    assert.ok(!withoutTokens.some((row) => row.startsWith(`${method} ${url} `)), line)
  }
})

type Headers = Readonly<Record<string, string>>

/** Values that resemble a credential and are not valid, by their kind. */
async function uselessCredentials(server: Server): Promise<Record<string, Headers>> {
  const bearer = (token: string): Headers => ({ authorization: `Bearer ${token}` })
  const cookie = (token: string): Headers => ({ cookie: `session=${token}` })
  const half = await opensAttempt(await newcomer(await (await firstAdmin(server)).signsIn(), 'ada'))
  const good = await newSignedInUser(server, 'admin')
  const goodCookie = await newSignedInUser(server, 'admin', { transport: 'cookie' })
  const link = { epoch: 0, lifetime: hours(1) }
  const setUp = await issueLink(server.operator(), { ...link, purpose: 'set-up', subject: null })
  const invitation = await issueLink(server.operator(), { ...link, purpose: 'invitation', subject: good.user.subject })
  const { db } = server.doorward
  const sessions = db.selectFrom('session').select('token_hash').where('id', '=', good.sessionId)
  return {
    nothing: {},
    'an empty bearer token': bearer(''),
    'half a sign-in as a bearer token': bearer(half),
    'half a sign-in as a session cookie': cookie(half),
    'half a sign-in as its own cookie': { cookie: `attempt=${half}` },
    'the token of a cookie as a bearer token': bearer(goodCookie.token),
    'a bearer token as a cookie': cookie(good.token),
    'a bearer token with the prefix of a cookie, as a cookie': cookie(good.token.replace('dwa_', 'dws_')),
    'a bearer token with the prefix of a cookie': bearer(good.token.replace('dwa_', 'dws_')),
    'a set-up link': bearer(setUp.token.reveal()),
    'an invitation': bearer(invitation.token.reveal()),
    'a token without its last letter': bearer(good.token.slice(0, -1)),
    'a token with one letter more': bearer(`${good.token}A`),
    'a token with a NUL behind': bearer(`${good.token}%00`),
    'a token in capitals': bearer(good.token.toUpperCase()),
    'a token in quotes': bearer(`"${good.token}"`),
    'two tokens': bearer(`${good.token} ${good.token}`),
    'a token under another scheme': { authorization: `Token ${good.token}` },
    'a token as Basic': { authorization: `Basic ${Buffer.from(`admin:${good.token}`).toString('base64')}` },
    'a wrong bearer token beside a good cookie': { ...cookie(goodCookie.token), ...bearer('dwa_wrong') },
    'the hash that is stored': bearer((await sessions.executeTakeFirstOrThrow()).token_hash),
    'the id of a session': bearer(good.sessionId),
    'the subject of an admin': bearer(good.user.subject),
    ...(await endedTokens(server)),
  }
}

/** Tokens of admins that were valid once. */
async function endedTokens(server: Server): Promise<Record<string, Headers>> {
  const now = server.clock.now()
  const ended: Record<string, (id: string, subject: string) => RawBuilder<unknown>> = {
    'a session that was signed out': (id) => sql`update session set revoked_at = ${now} where id = ${id}`,
    'a session that was not used for an hour': (id) =>
      sql`update session set last_seen_at = ${now - hours(1)} where id = ${id}`,
    'a session that is a day old': (id) => sql`update session set started_at = ${now - days(1)} where id = ${id}`,
    'a session from before a change of password': (_, subject) =>
      sql`update users set credential_epoch = credential_epoch + 1 where subject = ${subject}`,
    'a user disabled in the database': (_, subject) => sql`update users set disabled = '1' where subject = ${subject}`,
    'a user disabled in the database with a text': (_, subject) =>
      sql`update users set disabled = 'yes' where subject = ${subject}`,
    'a user who is gone': (_, subject) => sql`delete from users where subject = ${subject}`,
  }
  const headers: Record<string, Headers> = {}
  for (const [what, end] of Object.entries(ended)) {
    const { token, sessionId, user } = await newSignedInUser(server, 'admin')
    await end(sessionId, user.subject).execute(server.doorward.db)
    headers[what] = { authorization: `Bearer ${token}` }
  }
  return headers
}

test('only an open session grants a route that requires one', async (t) => {
  const server = await start(t)
  const routes = await guardedRoutes(server)
  for (const [what, headers] of Object.entries(await uselessCredentials(server))) {
    for (const route of routes) await assertNotSignedIn(server, route, headers, what)
  }
})

async function assertNotSignedIn(server: Server, route: LiveRoute, headers: Headers, what: string): Promise<void> {
  const reply = await callRoute(server, route, headers)
  const about = `${lineOf(route)} with ${what}: ${reply.body.slice(0, 200)}`
  if (route.config.page) {
    assert.equal(reply.statusCode, 303, about)
    assert.match(String(reply.headers.location), /^\/sign-in/, about)
    return
  }
  assert.equal(reply.statusCode, 401, about)
  assert.match(String(reply.headers['www-authenticate']), /^Bearer/, about)
}

test('a token in a URL or a body is ignored', async (t) => {
  const server = await start(t)
  const { token } = await newSignedInUser(server, 'admin')
  for (const route of await guardedRoutes(server)) {
    for (const name of ['access_token', 'token', 'session', 'authorization']) {
      const reply = await callRoute(server, route, {}, `?${name}=${token}`)
      assert.ok([401, 303].includes(reply.statusCode), `${lineOf(route)} ${name}: ${reply.statusCode}`)
    }
  }
  assert.equal((await ask(server, 'POST', '/users', { payload: { username: 'x', access_token: token } })).status, 401)
  assert.ok(!server.logText().includes(token), 'the token of an address stands in the log')
})

test('a signed-in user reaches their own account and nothing that needs a permission', async (t) => {
  const server = await start(t)
  for (const route of await guardedRoutes(server)) {
    const { token } = await newSignedInUser(server, 'user')
    const refusal = route.config.access === 'signed-in' ? undefined : 'access.insufficient_permissions'
    await assertReached(server, route, token, refusal)
  }
})

test('one permission alone opens the routes of the table that name it or what it includes, and no second one', async (t) => {
  const server = await start(t)
  const routes = (await guardedRoutes(server)).filter(({ config }) => config.access !== 'signed-in')
  for (const permission of PERMISSIONS) {
    const role = permission.replace(':', '-')
    await createRole(server.operator(), { name: role, description: '', permissions: [permission] })
    const { token } = await newSignedInUser(server, role)
    for (const route of routes) {
      const { access, or, besides } = route.config
      const held = permission === 'users:write' ? [permission, 'users:help', 'server:read'] : [permission]
      const isOpened = besides === undefined && [access, or].some((one) => one !== undefined && held.includes(one))
      await assertReached(server, route, token, isOpened ? undefined : 'access.insufficient_permissions')
    }
  }
})

test('a user made admin in the database without a second factor has no admin permission', async (t) => {
  const server = await start(t)
  for (const route of await guardedRoutes(server)) {
    const { token, user } = await newSignedInUser(server, 'user', { secondFactor: false })
    await sql`update users set role = 'admin' where subject = ${user.subject}`.execute(server.doorward.db)
    const refusal = route.config.access === 'signed-in' ? undefined : 'access.second_factor_missing'
    await assertReached(server, route, token, refusal)
  }
})

test('an admin with a second factor may use every route', async (t) => {
  const server = await start(t)
  for (const route of await guardedRoutes(server))
    await assertReached(server, route, (await newSignedInUser(server, 'admin')).token, undefined)
})

/** Asserts that the route was refused with this code; without one, that it was not refused for missing access. */
async function assertReached(server: Server, route: LiveRoute, token: string, code: string | undefined): Promise<void> {
  const reply = await callRoute(server, route, { authorization: `Bearer ${token}` })
  const about = `${lineOf(route)}: ${reply.statusCode} ${reply.body.slice(0, 200)}`
  if (code === undefined) {
    const isSentOff = reply.statusCode === 303 && /^\/(sign-in|confirm)\b/.test(String(reply.headers.location))
    assert.ok(!isSentOff && ![401, 403].includes(reply.statusCode), about)
    return
  }
  assert.equal(reply.statusCode, 403, about)
  if (route.config.page) assert.match(String(reply.headers['content-type']), /^text\/html/, about)
  else assert.equal(reply.json<{ code: string }>().code, code, about)
}

test('an authentication from eleven minutes ago is too old where a recent one is required', async (t) => {
  const server = await start(t)
  const routes = (await liveRoutes(server)).filter(({ config }) => config.authentication === 'recent')
  assert.ok(routes.length >= 5)
  for (const route of routes) {
    const { user } = await newSignedInUser(server, 'admin')
    const then = { ...server.operator(), now: server.clock.now() - minutes(11) }
    const { token } = await startSession(then, { user, methods: ['password', 'totp'], transport: 'bearer' })
    const reply = await callRoute(server, route, { authorization: `Bearer ${token.reveal()}` })
    if (route.config.page) {
      assert.equal(reply.statusCode, 303, lineOf(route))
      assert.match(String(reply.headers.location), /^\/confirm\?/, lineOf(route))
      continue
    }
    assert.equal(reply.statusCode, 401, lineOf(route))
    const challenge = String(reply.headers['www-authenticate'])
    assert.match(challenge, /insufficient_user_authentication.*max_age=600/, lineOf(route))
  }
})
