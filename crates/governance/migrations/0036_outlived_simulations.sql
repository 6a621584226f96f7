create index simulations_outlived on simulations (computed_at) where state = 'computed';
