"""发布审核: what stands between a seller's file and its listing."""
