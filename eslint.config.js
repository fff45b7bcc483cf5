import tseslint from 'typescript-eslint'

const max = {skipBlankLines: false, skipComments: false}

export default tseslint.config(
  {ignores: ['dist/', 'node_modules/', 'coverage/', 'bin/', 'suitescript/']},
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: {parserOptions: {projectService: true, tsconfigRootDir: import.meta.dirname}},
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', {considerDefaultExhaustiveForUnions: true}],
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', {argsIgnorePattern: '^_', varsIgnorePattern: '^_'}],
      'no-restricted-properties': [
        'error',
        {object: 'process', property: 'env', message: 'only src/config.ts reads the environment'},
        {object: 'process', property: 'exit', message: 'set process.exitCode; nothing ends the process'},
      ],
      'no-console': 'error',
      'no-empty': ['error', {allowEmptyCatch: false}],
      'max-lines': ['error', {max: 250, ...max}],
      'max-lines-per-function': ['error', {max: 50, ...max}],
      eqeqeq: 'error',
      '@typescript-eslint/require-await': 'off',
    },
  },
  {files: ['src/commands/**/*.ts'], rules: {'max-lines': ['error', {max: 60, ...max}]}},
  {
    files: ['src/config.ts', 'test/**/*.ts', 'bench/**/*.ts', 'scripts/**', '*.config.*'],
    rules: {'no-restricted-properties': 'off', 'no-console': 'off'},
  },
  {
    files: ['test/**/*.ts', 'bench/**/*.ts'],
    rules: {
      'max-lines-per-function': 'off',
      'max-lines': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
    },
  },
  {
    files: ['**/*.js', '**/*.mjs', '**/*.cjs'],
    extends: [tseslint.configs.disableTypeChecked],
    rules: {'no-console': 'off', 'no-restricted-properties': 'off'},
  },
)
