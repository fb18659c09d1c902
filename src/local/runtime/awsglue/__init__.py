"""What notebooks use of AWS Glue's library, over plain Spark. What is not here raises an error that names it."""
