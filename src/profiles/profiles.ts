import type { ProfileName } from '../settings/choices.ts';
import { custom } from './custom.ts';
import { optimizelyCms11 } from './optimizely-cms11.ts';
import { optimizelyCms12 } from './optimizely-cms12.ts';
import type { Profile } from './profile.ts';
import { umbraco } from './umbraco.ts';
import { xperienceKentico } from './xperience-kentico.ts';

export function profileOf(name: ProfileName): Profile {
  return profiles[name];
}

const profiles: Readonly<Record<ProfileName, Profile>> = {
  'optimizely-cms12': optimizelyCms12,
  'optimizely-cms11': optimizelyCms11,
  'xperience-kentico': xperienceKentico,
  umbraco,
  custom,
};
