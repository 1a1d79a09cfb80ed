//! Bytes as letters that can stand in a link (RFC 4648, section 5, without padding).
//!
//! Own code, because it is so little: the crate `base64` would add some 5 KB to what a visitor of the page downloads.

use super::CodeError;

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

pub(super) fn encode(bytes: &[u8]) -> String {
    let mut letters = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let mut word = [0; 4];
        word[1..=three.len()].copy_from_slice(three);
        let word = u32::from_be_bytes(word);
        // Each letter holds six bits; as many letters as the bytes have bits for.
        for letter in 0..=three.len() {
            letters.push(char::from(LETTERS[(word >> (18 - 6 * letter) & 63) as usize]));
        }
    }
    letters
}

/// Reads letters, of which the first is the `nth` character of the whole code.
pub(super) fn decode(letters: &str, nth: usize) -> Result<Vec<u8>, CodeError> {
    let mut bytes = Vec::with_capacity(letters.len() / 4 * 3 + 2);
    let (mut word, mut bits) = (0u32, 0);
    for (place, letter) in letters.chars().enumerate() {
        let stray = CodeError::NotALetter {
            nth: nth + place,
            found: letter,
        };
        let six = LETTERS
            .iter()
            .position(|&known| char::from(known) == letter)
            .ok_or(stray)?;
        word = word << 6 | six as u32;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((word >> bits) as u8);
            word &= (1 << bits) - 1;
        }
    }
    // What fills the last letter is zeros; so no two texts mean the same bytes.
    if bits == 6 || word != 0 {
        Err(CodeError::Torn)
    } else {
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_the_rfc() {
        for (bytes, letters) in [
            ("", ""),
            ("f", "Zg"),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg"),
            ("fooba", "Zm9vYmE"),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(encode(bytes.as_bytes()), letters);
            assert_eq!(decode(letters, 0), Ok(bytes.as_bytes().to_vec()));
        }
        assert_eq!(encode(&[0xfb, 0xff]), "-_8");
    }

    #[test]
    fn what_is_no_letter_is_named_with_its_place() {
        let not_a_letter = |nth, found| Err(CodeError::NotALetter { nth, found });
        assert_eq!(decode("Zm+v", 4), not_a_letter(6, '+'));
        assert_eq!(decode("Zm9v=", 4), not_a_letter(8, '='));
        assert_eq!(decode("键", 4), not_a_letter(4, '键'));
    }

    #[test]
    fn a_letter_too_few_is_noticed() {
        assert_eq!(decode("Zm9vY", 0), Err(CodeError::Torn));
        assert_eq!(decode("Zh", 0), Err(CodeError::Torn));
    }
}
