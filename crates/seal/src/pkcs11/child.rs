//! The child process: loads the vendor's library, logs in to the token, does one order, and ends.

use super::order::{Act, Answer, LARGEST, Order};
use crate::key::NONCE_LEN;
use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error, RvError};
use cryptoki::mechanism::Mechanism;
use cryptoki::mechanism::aead::GcmParams;
use cryptoki::object::{Attribute, KeyType, ObjectClass, ObjectHandle};
use cryptoki::session::{Session, UserType};
use cryptoki::types::AuthPin;
use std::io::{Read, Write};
use types::{Chance, Secret};

const TAG_BITS: u64 = 128;

/// Everything that the hidden command does.
pub fn serve(input: impl Read, mut output: impl Write) -> std::io::Result<()> {
    let mut text = String::with_capacity(LARGEST);
    input.take(LARGEST as u64).read_to_string(&mut text)?;
    let answer = match Order::read(&Secret::new(text)) {
        Some(order) => done(&order),
        None => Answer::Refused("this command is for `tenure` itself".to_owned()),
    };
    output.write_all(answer.write().expose().as_bytes())?;
    output.flush()
}

fn done(order: &Order) -> Answer {
    let session = match logged_in(order) {
        Ok(session) => session,
        Err(answer) => return answer,
    };
    match carried_out(order, &session) {
        Ok(bytes) => Answer::Done(Secret::new(bytes)),
        Err(answer) => answer,
    }
}

fn logged_in(order: &Order) -> Result<Session, Answer> {
    let shown = order.module.display();
    let library = Pkcs11::new(&order.module);
    let library = library.map_err(|error| Answer::Away(format!("the library `{shown}` does not load: {error}")))?;
    library.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)).map_err(away)?;
    for slot in library.get_slots_with_token().map_err(away)? {
        let info = library.get_token_info(slot).map_err(away)?;
        if info.label().trim_end() == order.token_label {
            let session =
                if order.act == Act::EnsureKey { library.open_rw_session(slot) } else { library.open_ro_session(slot) };
            let session = session.map_err(away)?;
            let pin = AuthPin::new(order.pin.expose().as_str().into());
            session.login(UserType::User, Some(&pin)).map_err(not_logged_in)?;
            return Ok(session);
        }
    }
    Err(Answer::Away("no token of this label is there".to_owned()))
}

fn carried_out(order: &Order, session: &Session) -> Result<Vec<u8>, Answer> {
    let key = find(order, session)?;
    match (order.act, key) {
        (Act::EnsureKey, Some(_)) => Ok(Vec::new()),
        (Act::EnsureKey, None) => make(order, session).map(|()| Vec::new()),
        (_, None) => Err(Answer::Refused("it has no key of this label".to_owned())),
        (Act::Encrypt, Some(key)) => encrypt(order, session, key),
        (Act::Decrypt, Some(key)) => decrypt(order, session, key),
    }
}

fn find(order: &Order, session: &Session) -> Result<Option<ObjectHandle>, Answer> {
    let label = Attribute::Label(order.key_label.as_bytes().to_vec());
    let wanted = [Attribute::Class(ObjectClass::SECRET_KEY), Attribute::KeyType(KeyType::AES), label];
    Ok(session.find_objects(&wanted).map_err(refused)?.into_iter().next())
}

fn make(order: &Order, session: &Session) -> Result<(), Answer> {
    let key = [
        Attribute::Class(ObjectClass::SECRET_KEY),
        Attribute::KeyType(KeyType::AES),
        Attribute::ValueLen(32.into()),
        Attribute::Label(order.key_label.as_bytes().to_vec()),
        Attribute::Token(true),
        Attribute::Private(true),
        Attribute::Sensitive(true),
        Attribute::Extractable(false),
        Attribute::Encrypt(true),
        Attribute::Decrypt(true),
    ];
    session.generate_key(&Mechanism::AesKeyGen, &key).map(drop).map_err(refused)
}

/// Nonce, ciphertext, tag.
fn encrypt(order: &Order, session: &Session, key: ObjectHandle) -> Result<Vec<u8>, Answer> {
    let nonce = Chance::system().bytes::<NONCE_LEN>();
    let mut given = nonce;
    let sealed = session.encrypt(&gcm(&mut given, &order.associated)?, key, order.data.expose()).map_err(refused)?;
    Ok([&nonce[..], &sealed].concat())
}

fn decrypt(order: &Order, session: &Session, key: ObjectHandle) -> Result<Vec<u8>, Answer> {
    let (nonce, sealed) = order.data.expose().split_first_chunk::<NONCE_LEN>().ok_or_else(not_its_own)?;
    let mut given = *nonce;
    session.decrypt(&gcm(&mut given, &order.associated)?, key, sealed).map_err(|error| match error {
        Error::Pkcs11(..) => not_its_own(),
        error => refused(error),
    })
}

fn gcm<'a>(nonce: &'a mut [u8; NONCE_LEN], associated: &'a [u8]) -> Result<Mechanism<'a>, Answer> {
    GcmParams::new(nonce, associated, TAG_BITS.into()).map(Mechanism::AesGcm).map_err(refused)
}

fn not_its_own() -> Answer {
    Answer::Refused("its key does not open this root key: is it the key that the database was sealed with?".to_owned())
}

fn away(error: Error) -> Answer {
    Answer::Away(error.to_string())
}

fn not_logged_in(error: Error) -> Answer {
    use RvError::{PinExpired, PinIncorrect, PinInvalid, PinLenRange, PinLocked};
    match &error {
        Error::Pkcs11(PinExpired | PinIncorrect | PinInvalid | PinLenRange | PinLocked, _) => {
            Answer::WrongPin(error.to_string())
        }
        _ => refused(error),
    }
}

fn refused(error: Error) -> Answer {
    Answer::Refused(error.to_string())
}
