//! Stub until merged.
use crate::{ClientId, Operation, Serial, kv};
/// stub
#[derive(Clone, Debug, Default)]
pub struct Linearizability;
/// stub
#[derive(Clone, Copy, Debug)]
pub struct CallId {
    /// x
    pub client: ClientId,
    /// x
    pub serial: Serial,
}
/// stub
#[derive(Clone, Copy, Debug)]
pub struct NotLinearizable {
    /// x
    pub call: CallId,
    /// x
    pub against: CallId,
}
impl Linearizability {
    /// stub
    pub fn called(&mut self, _: ClientId, _: Serial, _: &Operation) {}
    /// stub
    #[allow(clippy::missing_errors_doc)]
    pub fn returned(&mut self, _: ClientId, _: Serial, _: &kv::Answer) -> Result<(), NotLinearizable> {
        Ok(())
    }
}
