// One source file as the architecture checks see it: its imports, the globals it reaches for, its casts. Read from the syntax tree, not by pattern.
import { posix } from 'node:path';
import { parseAst } from 'vitest/node';

export interface Import {
  /** As written. */
  readonly spec: string;
  /** Path from the repository root for relative imports; the package or `node:` module otherwise. */
  readonly target: string;
  /** Erased when compiled. */
  readonly typeOnly: boolean;
  /** The names taken from it; "*" for the whole module. */
  readonly names: readonly string[];
}

/** A name no scope of the file declares. `member` is the property taken from it; `bare` means made or called without arguments. */
export interface GlobalUse {
  readonly name: string;
  readonly member?: string;
  readonly bare: boolean;
}

export interface Source {
  /** From the repository root, "/" separated. */
  readonly path: string;
  readonly lines: number;
  readonly imports: readonly Import[];
  readonly globals: readonly GlobalUse[];
  /** Names of the types this file casts to or claims by a type predicate; "unknown" and "never" among them. */
  readonly casts: readonly string[];
  readonly usesAny: boolean;
  /** It takes or names a member `reveal`, as the wrapper of secrets has. */
  readonly reveals: boolean;
  /** Names of `let` and `var` at module level. */
  readonly moduleState: readonly string[];
}

interface Node {
  readonly type: string;
  readonly [member: string]: unknown;
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
const asNode = (value: unknown): Node | undefined => (isNode(value) ? value : undefined);
const nodesIn = (value: unknown): Node[] => (Array.isArray(value) ? value : [value]).filter(isNode);
const children = (node: Node): Node[] => Object.values(node).flatMap(nodesIn);
const nameOf = (node: Node | undefined): string => (typeof node?.name === 'string' ? node.name : '');
const literal = (node: Node | undefined): string | undefined => (typeof node?.value === 'string' ? node.value : undefined);

export function readSource(path: string, text: string): Source {
  const imports: Import[] = [];
  const globals: GlobalUse[] = [];
  const casts: string[] = [];
  let usesAny = false;
  const aliases = new Map<string, string>();

  const addImport = (specNode: Node | undefined, typeOnly: boolean, named: readonly Node[] = []): void => {
    const spec = literal(specNode);
    const names = named.map((one) => nameOf(asNode(one.imported ?? one.local)) || '*');
    if (spec === undefined) return;
    imports.push({ spec, target: spec.startsWith('.') ? posix.join(posix.dirname(path), spec) : spec, typeOnly, names: names.length > 0 ? names : ['*'] });
  };

  const visit = (node: Node, parent: Node | undefined, scopes: readonly ReadonlySet<string>[], inType: boolean): void => {
    const declared = declaredBy(node);
    const inner = declared.size > 0 ? [...scopes, declared] : scopes;
    switch (node.type) {
      case 'ImportDeclaration': {
        const named = nodesIn(node.specifiers);
        for (const one of named) {
          const imported = nameOf(asNode(one.imported));
          if (imported !== '') aliases.set(nameOf(asNode(one.local)), imported);
        }
        const whole = named.some((one) => one.type !== 'ImportSpecifier');
        addImport(asNode(node.source), node.importKind === 'type' || (named.length > 0 && named.every((one) => one.importKind === 'type')), whole ? [] : named);
        return;
      }
      case 'ExportNamedDeclaration':
      case 'ExportAllDeclaration': {
        const named = nodesIn(node.specifiers);
        addImport(asNode(node.source), node.exportKind === 'type' || (named.length > 0 && named.every((one) => one.exportKind === 'type')));
        if (isNode(node.source)) return;
        break;
      }
      case 'ImportExpression':
        addImport(asNode(node.source), false);
        break;
      case 'TSImportType':
        addImport(asNode(node.source), true);
        break;
      case 'TSAnyKeyword':
        usesAny = true;
        break;
      case 'TSAsExpression':
      case 'TSTypeAssertion':
      case 'TSTypePredicate':
        casts.push(...typeNames(asNode(node.typeAnnotation), node.type !== 'TSTypePredicate'));
        break;
      case 'Identifier':
        if (!inType && isReference(node, parent) && !scopes.some((scope) => scope.has(nameOf(node)))) globals.push(globalUse(node, parent));
        break;
    }
    const type = inType || (node.type.startsWith('TS') && !expressionWrappers.has(node.type));
    for (const child of children(node)) visit(child, node, inner, type);
  };
  const program = parseAst(text, { lang: path.endsWith('x') ? 'tsx' : 'ts' });
  if (!isNode(program)) throw new Error(`${path} could not be parsed`);
  visit(program, undefined, [], false);
  return {
    path,
    lines: text.replace(/\n$/u, '').split('\n').length,
    imports,
    globals: globals.flatMap(throughGlobalThis),
    casts: casts.map((name) => aliases.get(name) ?? name),
    usesAny,
    reveals: /\.\s*reveal\b|\[['"`]reveal['"`]\]|[{,]\s*reveal\b/u.test(text),
    moduleState: nodesIn(program.body).flatMap((statement) => mutableNames(asNode(statement.declaration) ?? statement)),
  };
}

const expressionWrappers: ReadonlySet<string> = new Set([
  'TSAsExpression',
  'TSTypeAssertion',
  'TSSatisfiesExpression',
  'TSNonNullExpression',
  'TSInstantiationExpression',
]);

function isReference(node: Node, parent: Node | undefined): boolean {
  if (!parent) return false;
  if (parent.type === 'MemberExpression') return parent.object === node || parent.computed === true;
  if (parent.type === 'Property') return parent.value === node || parent.computed === true;
  if (['MethodDefinition', 'PropertyDefinition', 'AccessorProperty'].includes(parent.type)) return parent.value === node || parent.computed === true;
  return !['LabeledStatement', 'BreakStatement', 'ContinueStatement', 'MetaProperty', 'ExportSpecifier', 'JSXAttribute'].includes(parent.type);
}

function globalUse(node: Node, parent: Node | undefined): GlobalUse {
  const name = nameOf(node);
  const bare = (parent?.type === 'NewExpression' || parent?.type === 'CallExpression') && parent.callee === node && nodesIn(parent.arguments).length === 0;
  if (parent?.type === 'MemberExpression' && parent.object === node) {
    const property = asNode(parent.property);
    const member = parent.computed === true ? literal(property) : nameOf(property);
    return { name, bare, ...(member === undefined ? {} : { member }) };
  }
  return { name, bare };
}

/** `globalThis.fetch` is `fetch`. What cannot be followed stays a use of `globalThis` itself. */
function throughGlobalThis(use: GlobalUse): GlobalUse[] {
  return (use.name === 'globalThis' || use.name === 'global') && use.member !== undefined ? [{ name: use.member, bare: use.bare }] : [use];
}

/** The names a type is made of. `unknown` and `never` count only at the top of a cast: inside, as in `Record<string, unknown>`, they launder nothing. */
function typeNames(node: Node | undefined, cast: boolean): string[] {
  if (!node) return [];
  if (cast && node.type === 'TSUnknownKeyword') return ['unknown'];
  if (cast && node.type === 'TSNeverKeyword') return ['never'];
  const own = node.type === 'TSTypeReference' ? [nameOf(asNode(node.typeName))] : [];
  return [...own, ...children(node).flatMap((child) => typeNames(child, false))];
}

function mutableNames(node: Node): string[] {
  if (node.type !== 'VariableDeclaration' || node.kind === 'const' || node.declare === true) return [];
  return nodesIn(node.declarations).flatMap((one) => patternNames(asNode(one.id)));
}

function declaredBy(node: Node): ReadonlySet<string> {
  switch (node.type) {
    case 'Program':
    case 'BlockStatement':
    case 'StaticBlock':
      return new Set(nodesIn(node.body).flatMap(statementNames));
    case 'SwitchStatement':
      return new Set(nodesIn(node.cases).flatMap((one) => nodesIn(one.consequent).flatMap(statementNames)));
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      return new Set([nameOf(asNode(node.id)), ...nodesIn(node.params).flatMap(patternNames)]);
    case 'ForStatement':
    case 'ForOfStatement':
    case 'ForInStatement':
      return new Set([...nodesIn(node.init), ...nodesIn(node.left)].flatMap(statementNames));
    case 'CatchClause':
      return new Set(patternNames(asNode(node.param)));
    default:
      return new Set();
  }
}

function statementNames(node: Node): string[] {
  if (node.type === 'ImportDeclaration') return nodesIn(node.specifiers).map((one) => nameOf(asNode(one.local)));
  const declaration = asNode(node.declaration) ?? node;
  if (declaration.type === 'VariableDeclaration') return nodesIn(declaration.declarations).flatMap((one) => patternNames(asNode(one.id)));
  return ['FunctionDeclaration', 'ClassDeclaration'].includes(declaration.type) ? [nameOf(asNode(declaration.id))] : [];
}

function patternNames(node: Node | undefined): string[] {
  switch (node?.type) {
    case 'Identifier':
      return [nameOf(node)];
    case 'ObjectPattern':
      return nodesIn(node.properties).flatMap((one) => patternNames(asNode(one.type === 'RestElement' ? one.argument : one.value)));
    case 'ArrayPattern':
      return nodesIn(node.elements).flatMap(patternNames);
    case 'RestElement':
      return patternNames(asNode(node.argument));
    case 'AssignmentPattern':
      return patternNames(asNode(node.left));
    default:
      return [];
  }
}
