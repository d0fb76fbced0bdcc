/** A file that a project begins with: a file of the package, under its name in the project. */
export type ProjectFile = {
  readonly name: string;
  /** In the package. */
  readonly source: string;
  readonly mode: number;
  /** Names the project's folder, as /srv/projetus. */
  readonly hasFolder: boolean;
};

const usual = 0o644;
/** It will hold secrets. */
const secret = 0o600;

/** Every one of them has to be in the package: `files` of package.json. */
export const projectFiles: readonly ProjectFile[] = [
  { name: 'config.yaml', source: 'config.yaml', mode: usual, hasFolder: false },
  { name: 'config.schema.json', source: 'config.schema.json', mode: usual, hasFolder: false },
  { name: '.env', source: '.env.example', mode: secret, hasFolder: false },
  // npm leaves files named .gitignore out of a package.
  { name: '.gitignore', source: 'project/gitignore', mode: usual, hasFolder: false },
  { name: 'crontab.example', source: 'crontab.example', mode: usual, hasFolder: true },
  { name: 'systemd/projetus.service', source: 'systemd/projetus.service', mode: usual, hasFolder: true },
  { name: 'systemd/projetus.timer', source: 'systemd/projetus.timer', mode: usual, hasFolder: false },
  { name: 'Dockerfile', source: 'project/Dockerfile', mode: usual, hasFolder: false },
  { name: 'railway.json', source: 'railway.json', mode: usual, hasFolder: false },
  { name: 'docker-compose.yml', source: 'docker-compose.yml', mode: usual, hasFolder: false },
];

/** The folder that the shipped examples name. */
const exampleFolder = '/srv/projetus';

/** Text with the folder of the project; as it is for one that cron, a shell or systemd would read otherwise. */
export function withFolder(text: string, folder: string): string {
  return /^[\w./-]+$/.test(folder) ? text.replaceAll(exampleFolder, folder) : text;
}
