// Generates docs/conformance.md: each module of the OpenID Foundation’s plans with its test, and each condition with what covers it.
import { globSync } from 'node:fs'
import { join } from 'node:path'

import { testTitlesIn } from '#test/support/documentation/test-titles.ts'
import {
  EVALUATED,
  EVALUATED_IN,
  LEFT_OUT,
  reasonFor,
  REMARKS,
  STEPS,
} from '#test/support/openid/conformance/coverage.ts'
import {
  type ConditionFact,
  CONDITIONS,
  conditionsOf,
  type ModuleFact,
  MODULES,
} from '#test/support/openid/conformance/facts.ts'

const ROOT = join(import.meta.dirname, '..')
/** The classes that all modules with a user are based on. */
const BASE = ['AbstractOIDCCServerTest', 'AbstractRedirectServerTestModule']
const CONDITION_FILES = '../test/support/openid/conformance'

export interface ModuleTest {
  readonly module: string
  readonly file: string
  readonly claim: string
}

/** The tests of modules: their titles begin with the name of the module. */
export function moduleTests(): ModuleTest[] {
  return globSync('test/conformance/*.test.ts', { cwd: ROOT })
    .toSorted()
    .flatMap((file) =>
      [...testTitlesIn(file)].flatMap((title) => {
        const [, module, claim] = /^(oidcc-[\w-]+): (.+)$/.exec(title) ?? []
        return module === undefined || claim === undefined ? [] : [{ module, file, claim }]
      }),
    )
}

/** The text of `docs/conformance.md`. */
export function conformancePage(): string {
  const tests = new Map(moduleTests().map((test) => [test.module, test]))
  const plans = Map.groupBy(MODULES, ({ plan }) => plan)
  const classes = Map.groupBy(CONDITIONS, ({ ofClass }) => ofClass)
  const names = new Set(CONDITIONS.map(({ condition }) => condition))
  return [
    head(names, tests.size),
    ...[...plans].flatMap(([plan, modules]) => [
      `\n### ${plan}\n\n| Module | Conditions | Class | Test |\n| --- | --- | --- | --- |\n`,
      ...modules.map((fact) => line(moduleCells(fact, tests.get(fact.module)))),
    ]),
    conditionsHead(names),
    ...[...classes].flatMap(([ofClass, conditions]) => [
      `\n### ${ofClass}\n\n${usersOf(ofClass)}\n\n| Condition | Without it | Standard | Covered by |\n| --- | --- | --- | --- |\n`,
      ...conditions.map((fact) => line(conditionCells(fact))),
    ]),
    REASONS_HEAD,
    ...LEFT_OUT.map(([reason], index) => line([String(index + 1), reason])),
    RUN_IT,
  ].join('')
}

function head(names: ReadonlySet<string>, tested: number): string {
  return `# Conformance of OpenID Connect

The provider of OpenID Connect is built on a certified library, [oidc-provider](https://github.com/panva/node-oidc-provider). Doorward itself
has not been submitted for certification. This page says which of the modules of the OpenID Foundation’s conformance suite are tests here,
and which of their conditions they cover: ${tested} of ${MODULES.length} modules, ${names.size} conditions. The suite itself, a program in Java with a
database of its own, was not run: [how to run it](#run-the-suite-itself).

A test of a module does what the suite does as an app, against the whole server and on SQLite. It fails if one of the conditions of its
module does not hold, and also if one was not evaluated that is not left out for a [reason](#reasons). A warning of the suite fails it too,
but for what a remark below names. Beyond the list it evaluates what the suite evaluates through sequences: signature, issuer, audience,
times and nonce of each ID token, \`at_hash\` where it is present, and that no answer with tokens is cached.

This page is made by \`npm run docs\` from \`docs/data/oidc-conformance-conditions.tsv\` (source: the conformance suite of the OpenID
Foundation, commit 12f2a4d of 2026-08-20), from the tests, and from \`test/support/openid/conformance/coverage.ts\`.

## Modules

A module evaluates the conditions of its class and of the classes behind it; all but those about discovery also those of
${BASE.map(linked).join(' and ')}.
One that expects an error or a page ends before the conditions that come after a code. *Conditions* counts them all.
`
}

function moduleCells({ module, classes }: ModuleFact, test: ModuleTest | undefined): string[] {
  const shown = (test && `[${test.file.split('/').at(-1)}](../${test.file}): ${test.claim}.`) ?? 'missing'
  const remark = REMARKS[module] === undefined ? '' : ` ${REMARKS[module]}`
  return [
    `\`${module}\``,
    String(conditionsOf(module).size),
    classes
      .filter((one) => !BASE.includes(one))
      .map(linked)
      .join(' > '),
    shown + remark,
  ]
}

function linked(ofClass: string): string {
  return CONDITIONS.some((fact) => fact.ofClass === ofClass) ? `[${ofClass}](#${ofClass.toLowerCase()})` : ofClass
}

function conditionsHead(names: ReadonlySet<string>): string {
  const evaluated = [...names].filter((name) => name in EVALUATED).length
  const steps = Object.values(STEPS).flat().length
  const left = [...names].filter((name) => reasonFor(name) !== undefined).length
  return `
## Conditions

By class. ${evaluated} conditions are evaluated by a function of the same name. ${steps} are what the suite does itself where it is the app, and
what the test does in its place: *step*. ${left} are left out, each for one of the [reasons](#reasons).
*Without it* says what the suite reports if the condition does not hold. Standards: OIDCC is OpenID Connect Core 1.0, OIDCD Discovery 1.0,
OIDCRIL RP-Initiated Logout 1.0, OIDCBCL Back-Channel Logout 1.0, OAuth2-FP Form Post Response Mode, OAuth2-RT Multiple Response Types,
OAuth2-iss RFC 9207.
`
}

function usersOf(ofClass: string): string {
  const modules = MODULES.filter(({ classes }) => classes.includes(ofClass)).map(({ module }) => `\`${module}\``)
  return modules.length > 10 ? `${modules.length} modules.` : `${modules.join(', ')}.`
}

function conditionCells({ condition, severity, requirements }: ConditionFact): string[] {
  return [condition, severity.toLowerCase(), requirements.join(', '), coveredBy(condition)]
}

function coveredBy(condition: string): string {
  const [file] = Object.entries(EVALUATED_IN).find(([, conditions]) => condition in conditions) ?? []
  if (file !== undefined) return `[${file}](${CONDITION_FILES}/${file})`
  const [step] = Object.entries(STEPS).find(([, steps]) => (steps as readonly string[]).includes(condition)) ?? []
  if (step !== undefined) return `step: ${step}`
  const reason = LEFT_OUT.findIndex(([, conditions]) => conditions.includes(condition))
  return `left out: reason ${reason + 1}`
}

const REASONS_HEAD = `
## Reasons

| Number | Why conditions are left out |
| --- | --- |
`

const RUN_IT = `
## Run the suite itself

\`scripts/conformance\` starts the real suite in containers, and a Doorward beside it. It needs Linux, docker or podman with their compose,
openssl, and a registry from which the images of the suite and of its database can be pulled. Where it was written there is none, so it
never ran: only what it says without containers or images is tested. It ends with a sentence that says what is missing.

1. \`scripts/conformance\` pulls the images, makes a certificate and three apps, starts suite and server, and prints their addresses.
2. Follow the link that sets up the first user, and complete the name of the profile.
3. Open the suite, choose a plan with a static client and discovery, paste the configuration that the script names, and run the modules. The
   sign-in needs a code of the authenticator app, so a person does it.
4. \`scripts/conformance down\` stops both, and removes what they have stored.
`

function line(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`
}
