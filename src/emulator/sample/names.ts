const list = (text: string): readonly string[] => text.trim().split(/\s*,\s*/);

export const GIVEN_NAMES = list(`
  Adele, Alex, Amara, Anna, Aoife, Astrid, Bao, Beatriz, Björn, Camille, Chidi, Chloé, Dagmar, Daniel, Delia, Diego,
  Elena, Élodie, Emeka, Emma, Fatima, Felix, Fiona, Gabriel, Grady, Greta, Hana, Hassan, Ines, Isaiah, Ivan, Jana,
  Jiro, João, Johanna, Joni, Kateřina, Kenji, Lars, Lee, Leila, Lidia, Łukasz, Lynne, Magnus, Mairéad, Marek, Megan,
  Miriam, Nadia, Nestor, Niamh, Noor, Olga, Oscar, Patti, Paweł, Pradeep, Priya, Quinn, Rafael, Renée, Rosa, Sanjay,
  Siobhán, Sofía, Søren, Stefan, Tomáš, Tove, Ulrike, Vera, Wei, Xavier, Yara, Yusuf, Zoë, Zsófia
`);

export const SURNAMES = list(`
  Abara, Almeida, Andersen, Archie, Baker, Bianchi, Bowen, Brandt, Cramer, Cristea, da Silva, Dennis, Diallo, Dubois,
  Ekström, Eriksen, Farkas, Fernández, Fischer, García, Gruber, Haddad, Hansen, Hernandez, Horák, Ito, Jansen, Johansson,
  Kaur, Keller, Kim, Kowalczyk, Kučera, Langer, Larsson, Lemaire, Lidman, López, Meyer, Mohamed, Moreau, Müller, Nakamura,
  Nguyen, Novák, O'Brien, Okafor, Olsen, Papadopoulos, Patel, Petrov, Pires, Quaye, Raman, Ribeiro, Robbins, Rossi,
  Sánchez, Santos, Schäfer, Schneider, Sherman, Singh, Smith-Jones, Sørensen, Szabó, Tanaka, Thorsen, Vance, van der Berg,
  Wagner, Wójcik, Yılmaz, Young, Zimmermann
`);

export const DEPARTMENTS = list(`
  Sales, Marketing, Finance, People, Engineering, Manufacturing, Logistics, Customer Care, Legal, IT, Research & Design
`);

export const JOB_TITLES = list(`
  Analyst, Assistant, Buyer, Controller, Coordinator, Designer, Engineer, Frame Builder, Lead, Manager, Mechanic, Planner,
  Representative, Specialist, Technician
`);

/** City, state, country, two-letter country, latitude, longitude. */
export const PLACES = [
  ['Utrecht', 'Utrecht', 'Netherlands', 'NL', 52.09, 5.12],
  ['Copenhagen', 'Capital Region', 'Denmark', 'DK', 55.67, 12.56],
  ['Portland', 'Oregon', 'United States', 'US', 45.51, -122.67],
  ['Grenoble', 'Auvergne-Rhône-Alpes', 'France', 'FR', 45.18, 5.72],
  ['Gdańsk', 'Pomorskie', 'Poland', 'PL', 54.35, 18.64],
  ['Osaka', 'Osaka', 'Japan', 'JP', 34.69, 135.5],
  ['Nairobi', 'Nairobi', 'Kenya', 'KE', -1.29, 36.82],
  ['Lisbon', 'Lisboa', 'Portugal', 'PT', 38.72, -9.14],
] as const;

/** A name as a mail address spells it. */
export function mailName(text: string): string {
  return text
    .replaceAll(/[Łł]/g, 'l')
    .replaceAll(/[Øø]/g, 'o')
    .replaceAll('ı', 'i')
    .normalize('NFD')
    .replaceAll(/[^A-Za-z-]/g, '')
    .toLowerCase();
}
