//! Names as people have them in thirteen places: with accents, in other scripts, in one word, with a comma. Each given and
//! family name stands beside what mail addresses make of it.

use super::places::{self, Place};

/// As written, and in the letters of a mail address.
pub type Name = (&'static str, &'static str);

pub struct Naming {
    pub place: &'static Place,
    /// Of a hundred people, so many are of here.
    pub share: u32,
    /// Empty where people have one name, which is then the family name.
    pub given: &'static [Name],
    pub family: &'static [Name],
}

pub static NAMINGS: [Naming; 13] = [
    Naming {
        place: &places::BERLIN,
        share: 14,
        given: &[("Jörg", "joerg"), ("Käthe", "kaethe"), ("Anna", "anna"), ("Uwe", "uwe"), ("Lena", "lena")],
        family: &[("Müller", "mueller"), ("Groß", "gross"), ("von der Heide", "vonderheide"), ("Schmidt", "schmidt")],
    },
    Naming {
        place: &places::WARSAW,
        share: 10,
        given: &[("Łukasz", "lukasz"), ("Małgorzata", "malgorzata"), ("Anna", "anna"), ("Paweł", "pawel")],
        family: &[("Wójcik", "wojcik"), ("Żółć", "zolc"), ("Nowak", "nowak"), ("Kowalska-Łęcka", "kowalska-lecka")],
    },
    Naming {
        place: &places::PRAGUE,
        share: 6,
        given: &[("Anežka", "anezka"), ("Lukáš", "lukas"), ("Jiří", "jiri")],
        family: &[("Dvořák", "dvorak"), ("Pešková", "peskova"), ("Fišer", "fiser")],
    },
    Naming {
        place: &places::REYKJAVIK,
        share: 4,
        given: &[("Þóra", "thora"), ("Guðrún", "gudrun"), ("Björn", "bjorn")],
        family: &[("Ægisdóttir", "aegisdottir"), ("Þórðarson", "thordarson"), ("Sigurðsson", "sigurdsson")],
    },
    Naming {
        place: &places::KOLKATA,
        share: 14,
        given: &[("Anjali", "anjali"), ("Rahul", "rahul"), ("Priya", "priya"), ("आरव", "aarav")],
        family: &[("Chatterjee", "chatterjee"), ("Singh", "singh"), ("O'Brien", "obrien"), ("शर्मा", "sharma")],
    },
    Naming {
        place: &places::TOKYO,
        share: 8,
        given: &[("海斗", "kaito"), ("葵", "aoi"), ("Kenji", "kenji")],
        family: &[("佐藤", "sato"), ("Satō", "sato"), ("鈴木", "suzuki"), ("Ōno", "ono")],
    },
    Naming {
        place: &places::AUCKLAND,
        share: 6,
        given: &[("Aroha", "aroha"), ("Māui", "maui"), ("Jack", "jack")],
        family: &[("Ngāta", "ngata"), ("Smith", "smith"), ("Te Rangi Hīroa", "terangihiroa")],
    },
    Naming {
        place: &places::NEW_YORK,
        share: 14,
        given: &[("John", "john"), ("Mary-Jane", "mary-jane"), ("José", "jose"), ("Li", "li")],
        family: &[("Smith", "smith"), ("Smith, Jr.", "smith"), ("Nguyen", "nguyen"), ("D'Angelo", "dangelo")],
    },
    Naming {
        place: &places::HONOLULU,
        share: 4,
        given: &[("Kaʻiulani", "kaiulani"), ("Noa", "noa")],
        family: &[("Kahananui", "kahananui"), ("Keawe", "keawe"), ("Kealoha \"Kea\"", "kealoha")],
    },
    Naming {
        place: &places::SAO_PAULO,
        share: 8,
        given: &[("João", "joao"), ("Conceição", "conceicao"), ("Inês", "ines")],
        family: &[("da Silva", "dasilva"), ("Gonçalves", "goncalves"), ("de Souza e Castro", "desouzaecastro")],
    },
    Naming {
        place: &places::JAKARTA,
        share: 4,
        given: &[],
        family: &[("Suharto", "suharto"), ("Wati", "wati"), ("Sukarno", "sukarno"), ("Megawati", "megawati")],
    },
    Naming {
        place: &places::DUBAI,
        share: 4,
        given: &[("محمد", "mohammed"), ("فاطمة", "fatima"), ("Omar", "omar")],
        family: &[("الهاشمي", "alhashimi"), ("بن راشد", "binrashid"), ("Haddad", "haddad")],
    },
    Naming {
        place: &places::HANOI,
        share: 4,
        given: &[("Đức", "duc"), ("Hương", "huong"), ("Thị Mai", "thimai")],
        family: &[("Nguyễn", "nguyen"), ("Trần", "tran"), ("Lê", "le")],
    },
];
