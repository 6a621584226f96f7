//! A new data key for the seal: `/seal/rekey`.

use crate::problem::Problem;
use crate::session::SignedIn;
use axum::Json;

#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Rekeyed {
    pub(crate) version: u32,
    /// Sealed values that were sealed again.
    pub(crate) resealed: u64,
}

/// Start a new data key and seal every secret again under it.
#[utoipa::path(post, path = "/api/v1/seal/rekey", tag = "seal", responses((status = 200, body = Rekeyed)))]
pub(crate) async fn rekey(signed_in: SignedIn) -> Result<Json<Rekeyed>, Problem> {
    let ctx = &signed_in.ctx;
    let version = ledger::rekey::start(ctx).await?;
    let (mut tx, mut resealed) = ledger::rekey::reseal(ctx, version).await?;
    resealed += authn::reseal(ctx, &mut tx).await?;
    resealed += governance::reseal(ctx, &mut tx).await?;
    resealed += privilege::reseal(ctx, &mut tx).await?;
    tx.commit().await?;
    Ok(Json(Rekeyed { version, resealed }))
}
