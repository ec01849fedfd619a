// What the server finds about its background jobs.
import { ageInWords } from '../spans.ts'
import type { FindingWords } from './finding.ts'

export const jobFindings = {
  'jobs.well': { sentence: () => 'No background job has failed or is overdue.' },
  'jobs.failing': {
    sentence: ({ job, count }) =>
      `The background job ${job} failed ${count === 1 ? 'once' : `${count} times in a row`}; the server tries again.`,
    fix: ({ command }) => `Run ${command} on the server to see why. The log of the server says more.`,
  },
  'jobs.overdue': {
    sentence: ({ job, span }) => `The background job ${job} should have run ${ageInWords('en', span)} ago.`,
    fix: () =>
      'Jobs run while the server runs. If it does, check its clock, and its log for what keeps the job waiting.',
  },
} satisfies Record<string, FindingWords>
