// What the console's build and the tests see of licences.js.
export declare function licencesOf(modules: readonly string[], more?: readonly string[]): string;
