SELECT dataset, n_rows, n_files FROM datasets WHERE dataset_group = 'evidence' ORDER BY dataset
