"""What an advisor hands out of a cohort: tables, a workbook, pages and letters. All read report models, never a store."""
