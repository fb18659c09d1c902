/**
 * What public notebooks for the official kernel do, by their magics and calls; the words are ours. Each names where its
 * pattern was met. A cell has what its output must show, or, for what only AWS has, the explanation it must fail with.
 */
export interface PublicNotebook {
  /** Repository, or name of the project where none is known. */
  readonly metIn: string;
  readonly cells: readonly (readonly [source: string, shows: RegExp | { readonly failsWith: RegExp }])[];
}

const imports = `import sys
from awsglue.transforms import *
from awsglue.utils import getResolvedOptions
from pyspark.context import SparkContext
from awsglue.context import GlueContext
from awsglue.job import Job`;
const contexts = `
sc = SparkContext.getOrCreate()
glueContext = GlueContext(sc)
spark = glueContext.spark_session
job = Job(glueContext)`;
const nothing = /^$/;

export const publicNotebooks: readonly PublicNotebook[] = [
  {
    metIn: 'natmasslove/aws_howto',
    cells: [
      [
        '%profile some_profile\n%iam_role arn:aws:iam::444455556666:role/AWSGlueServiceRole-blog\n%idle_timeout 10\n%number_of_workers 2',
        nothing,
      ],
      ['%%configure\n{\n    "--s3_bucket_name" : "lake-data"\n}', nothing],
      [
        '%%configure\n{\n    "--datalake-formats" : "iceberg",\n    "--conf" : "spark.sql.extensions=org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions --conf spark.sql.catalog.glue_catalog=org.apache.iceberg.spark.SparkCatalog --conf spark.sql.catalog.glue_catalog.warehouse=s3://lake-data/iceberg/ --conf spark.sql.catalog.glue_catalog.io-impl=org.apache.iceberg.aws.s3.S3FileIO"\n}',
        nothing,
      ],
      [`${imports}\n${contexts}`, nothing],
      [
        "from awsglue.utils import getResolvedOptions\nname = 's3_bucket_name'\nargs = getResolvedOptions(sys.argv,[name])\nbucket = args[name]",
        nothing,
      ],
      [
        '# 1. From S3\ndf = spark.read.option("header", "true").option("inferSchema", "true").csv(f"s3://{bucket}/in/lakes/")',
        nothing,
      ],
      ['df.write.mode("overwrite").parquet(f"s3://{bucket}/out/lakes/")', nothing],
      [
        'agg_df = df.groupBy("continent").count().withColumnRenamed("count", "lakes")\n\nagg_df.show()',
        /\|\s*Africa\|\s*2\|/,
      ],
      [
        'agg_df.createOrReplaceTempView("tmp_lakes")\n\nquery = f"""\nCREATE TABLE IF NOT EXISTS glue_catalog.default.lakes_iceberg\nUSING iceberg\nAS SELECT * FROM tmp_lakes\n"""\nspark.sql(query)',
        { failsWith: /Local Glue's Spark has no Iceberg/ },
      ],
      ['%stop_session', nothing],
    ],
  },
  {
    metIn: 'a notebook on US accidents, with pandas alone',
    cells: [
      ['import numpy as mp\nimport pandas as pd\n', nothing],
      ['df=pd.read_csv("s3://devops/accidents.csv")', nothing],
      [
        "df['Start_Time'] = pd.to_datetime(df['Start_Time'])\n#a column for the day\ndf['Day'] = (df['Start_Time']).dt.weekday\ndf.head()",
        /A-1/,
      ],
      ["df1 = df.drop(columns = ['Start_Time']);\n", nothing],
      ['df1.isnull().sum()', /Pressure\(in\)\s+1/],
      [
        "pmean = df1['Pressure(in)'].mean()\ndf1['Pressure(in)']=df1['Pressure(in)'].fillna(pmean)\ndf1['Wind'] = df1['Wind'].fillna(df1['Wind'].mode()[0])",
        nothing,
      ],
      ["df1.rename(columns = {'Pressure(in)':'Pressure'}, inplace = True)\n\n", nothing],
      ['df1.describe()', /mean/],
      ['df1.info()', /RangeIndex: 3 entries, 0 to 2/],
      [
        'df1.to_csv("s3://promexa/accidents_clean.csv",index=False)\npd.read_csv("s3://promexa/accidents_clean.csv").shape',
        /\(3, 4\)/,
      ],
      ['', nothing],
    ],
  },
  {
    metIn: 'mehdimld/glue-interactive-sessions-getting-started, after an example of AWS',
    cells: [
      [
        `${imports}\n\n## YOUR BUCKET ##\nmy_output_bucket_name = "legislators-out"\n\nglueContext = GlueContext(SparkContext.getOrCreate())`,
        nothing,
      ],
      // On AWS boto3 is there; here it can be asked for.
      [
        "import boto3\n\nclient = boto3.client('glue', 'eu-west-1')",
        { failsWith: /No module named 'boto3'/ },
      ],
      ['%help', nothing],
      [
        'persons = glueContext.create_dynamic_frame.from_catalog(database="legislators", table_name="persons_json")\nprint("Count: " + str(persons.count()))\npersons.printSchema()',
        /^Count: 2\nroot\n(?:\|-- .*\n)*\|-- links: array\n\|\s{4}\|-- element: struct\n\|\s{4}\|\s{4}\|-- note: string\n/,
      ],
      [
        'memberships = glueContext.create_dynamic_frame.from_catalog(database="legislators", table_name="memberships_json")\norgs = glueContext.create_dynamic_frame.from_catalog(database="legislators", table_name="organizations_json")',
        nothing,
      ],
      [
        "orgs = orgs.drop_fields(['other_names','identifiers']).rename_field('id', 'org_id').rename_field('name', 'org_name')\norgs.toDF().columns",
        /org_name/,
      ],
      [
        "l_history = Join.apply(orgs,\n                       Join.apply(persons, memberships, 'id', 'person_id'),\n                       'org_id', 'organization_id').drop_fields(['person_id', 'org_id'])\nprint(\"Count: \" + str(l_history.count()))\nl_history.printSchema()",
        /^Count: 2\nroot\n(?:\|.*\n)*\|-- family_name: string\n/,
      ],
      [
        'glueContext.write_dynamic_frame.from_options(frame = l_history,\n              connection_type = "s3",\n              connection_options = {"path": f"s3://{my_output_bucket_name}/history"},\n              format = "parquet")',
        /DynamicFrame/,
      ],
      [
        'dfc = l_history.relationalize("hist_root", "s3://legislators-out/temp-dir/")\ndfc.keys()',
        /'hist_root', 'hist_root_links'/,
      ],
    ],
  },
  {
    metIn: 'youngsoul/glue-interactive-sessions',
    cells: [
      ['%help', nothing],
      ['%number_of_workers 2\n%idle_timeout 15\n%glue_version 3.0\n', nothing],
      ['%profile sandbox', nothing],
      ['spark', /SparkSession object at/],
      [
        "medicare = glueContext.create_dynamic_frame.from_options(\n    's3',\n    {'paths': ['s3://awsglue-data/medicare/Providers.csv']},\n    'csv',\n    {'withHeader': True})\nprint(\"Count:\",medicare.count())\nmedicare.printSchema()",
        /^Count: 2\nroot\n\|-- DRG Definition: string\n\|-- Provider Id: string\n/,
      ],
      [
        "res = medicare.resolveChoice(specs = [('Provider Id','cast:long')])\nres.printSchema()",
        /\|-- Provider Id: long\n/,
      ],
      ["res.toDF().select('Provider Name').show(10,truncate=False)", /\|ELIZA COFFEE MEMORIAL HOSPITAL\s*\|/],
      ['%list_sessions', nothing],
      ['%delete_session', nothing],
    ],
  },
  {
    metIn: 'rwang5688/glue-interactive-sessions-demo, after a post of AWS on its transforms',
    cells: [
      ['%session_id_prefix team-ada', nothing],
      [
        `${imports}\nfrom awsglue.dynamicframe import DynamicFrame\nfrom pyspark.sql.types import *\nfrom pyspark.sql import Row\n\norders = [\n               ['1005', '623', 'YES', '75091'],\\\n               ['1006', '547', 'NO', '75034']\\\n             ]\nschema = StructType([\n                      StructField("order_id", StringType()),\n                      StructField("customer_id", StringType()),\n                      StructField("essential", StringType()),\n                      StructField("zipcode", StringType())\n                    ])\ndyf = DynamicFrame.fromDF(spark.createDataFrame(orders, schema = schema), glueContext, "dyf")`,
        nothing,
      ],
      [
        'mapping = ApplyMapping.apply( frame = dyf, mappings = [\n  ("order_id","String","order_id","Long"),\n  ("essential","String","essential","String"),\n  ("zipcode","String","zip","Long")\n])\nmapping.printSchema()',
        /^root\n\|-- order_id: long\n\|-- essential: string\n\|-- zip: long\n$/,
      ],
      [
        'wanted = Filter.apply(frame = mapping, f = lambda x: x["essential"] == \'YES\')\nwanted.toDF().show()',
        /\|\s*1005\|/,
      ],
      [
        'def next_day(rec):\n  if rec["zip"] == 75034:\n    rec["next_day_air"] = True\n  return rec\n\nMap.apply(frame = mapping, f = next_day).toDF().show()',
        /\|\s*75034\|\s*true\|/,
      ],
      [
        'rows = spark.createDataFrame([\n  Row(json=u\'{ "zip": 75091, "customers": [{ "id": 623, "address": "108 Park Street, TX"}, { "id": 231, "address": "763 Marsh Ln" }]}\'),\n  Row(json=u\'{ "zip": 82091, "customers": [{ "id": 201, "address": "771 Peek" }]}\')\n])\ndyf_json = DynamicFrame.fromDF(spark.read.json(rows.rdd.map(lambda r: r.json)), glueContext, "dyf_json")\nselected = SelectFields.apply(frame = wanted, paths=[\'zip\'])\njoined = Join.apply(dyf_json, selected, \'zip\', \'zip\')\njoined.toDF().show()',
        /\|\s*\.zip\|/,
      ],
      [
        'dropped = DropFields.apply(\n  frame = joined,\n  paths = "`.zip`"\n)\ndropped.toDF().columns',
        /\['customers', 'zip'\]/,
      ],
      [
        'parts = dropped.relationalize("root", "s3://lake-data/temp")\nparts.keys()',
        /\['root', 'root_customers'\]/,
      ],
      [
        "customers = SelectFromCollection.apply(parts, 'root_customers')\ncustomers.toDF().show()",
        /\|\s*id\|index\|customers\.val\.address\|customers\.val\.id\|/,
      ],
      [
        'renamed = RenameField.apply(customers, "`customers.val.address`", "address")\nrenamed = RenameField.apply(renamed, "`customers.val.id`", "cust_id")\nflat = DropFields.apply(frame = renamed, paths = ["index", "id"])\nflat.resolveChoice(specs = [(\'cust_id\',\'cast:String\')]).printSchema()',
        /^root\n\|-- address: string\n\|-- cust_id: string\n$/,
      ],
      [
        'stock = DynamicFrame.fromDF(spark.createDataFrame([\n  [\'TX\', \'{"strawberry":"220","pineapple":"560","pears":null}\'],\n  [\'CA\', \'{"strawberry":"34","pineapple":"123","pears":null}\']], schema = StructType([StructField("loc", StringType()), StructField("data", StringType())])), glueContext, "stock")\nunboxed = Unbox.apply(frame = stock, path = "data", format="json")\nunboxed.printSchema()',
        /\|-- data: struct\n\|\s{4}\|-- pears: string\n/,
      ],
      [
        'unnested = DropNullFields.apply(frame = UnnestFrame.apply(frame = unboxed))\nunnested.toDF().columns',
        /\['loc', 'data\.pineapple', 'data\.strawberry'\]/,
      ],
      [
        'split = SplitFields.apply(frame = unnested, paths = ["`data.strawberry`", "`data.pineapple`"], name1 = "a", name2 = "b")\nsplit.keys(), SelectFromCollection.apply(split, "b").toDF().columns',
        /\['a', 'b'\]\), \['loc'\]/,
      ],
      [
        'rows = SplitRows.apply(frame = unnested, comparison_dict = {"`data.pineapple`": {">": "100", "<": "200"}}, name1 = \'less\', name2 = \'more\')\nless = SelectFromCollection.apply(rows, \'less\')\nless.toDF().count()',
        /^1\n/,
      ],
      [
        "same = Spigot.apply(less, \"s3://lake-data/spigot\", {\"topk\":10})\nglueContext.write_dynamic_frame.from_options(\\\nframe = same,\\\nconnection_options = {'path': 's3://lake-data/orders/'},\\\nconnection_type = 's3',\\\nformat = 'json')",
        /DynamicFrame/,
      ],
      ['%list_sessions\n%stop_session\n%delete_session', nothing],
    ],
  },
  {
    metIn: 'a project on marketing data, described for readers of a blog',
    cells: [
      [
        `%idle_timeout 2880\n%glue_version 3.0\n%worker_type G.1X\n%number_of_workers 5\n\n${imports}\n  ${contexts}`,
        nothing,
      ],
      [
        "dyf = glueContext.create_dynamic_frame.from_catalog(database='etl-project-database', table_name='raw_data')\ndyf.printSchema()",
        /^root\n\|-- id: int\n/,
      ],
      ['df = dyf.toDF()\ndf = df["id","education","income"]\ndf.show()', /\|\s*1\|\s*PhD\|\s*58000\.0\|/],
      [
        'from pyspark.sql.functions import *\ndf.select([count(when(col(c).isNull(),c)).alias(c) for c in df.columns]).show()',
        /\|\s*0\|\s*0\|\s*1\|/,
      ],
      [
        "mean_value = df.select(mean(col('income'))).collect()[0][0]\ndf = df.fillna(mean_value, subset=['income'])",
        nothing,
      ],
      [
        'df.write \\\n  .format("csv") \\\n  .mode("append") \\\n  .option("header", "true") \\\n  .save("s3://etl-project/transformed/")',
        nothing,
      ],
      [
        'glueContext.create_sample_dynamic_frame_from_catalog(database="etl-project-database", table_name="raw_data", num=1).show()',
        /^\{"id":1,/,
      ],
    ],
  },
  {
    metIn: 'a notebook that counts rows by month',
    cells: [
      [
        `# ====================\n# Cell 1: Session setup\n# ====================\n%idle_timeout 60\n%glue_version 4.0\n%worker_type G.1X\n%number_of_workers 5\n\nfrom pyspark.context import SparkContext\nfrom awsglue.context import GlueContext\nfrom pyspark.sql.functions import col, year, month, count\n${contexts}\nINPUT_PATH  = "s3://lake-data/in/created.csv"\n\ndf = (\n    spark.read\n    .option("header", "true")\n    .option("inferSchema", "true")\n    .csv(INPUT_PATH)\n)\n\nprint("Row count:", df.count())\ndf.show(5, truncate=False)`,
        /^Row count: 3\n/,
      ],
      [
        'df = df.withColumn("created", col("created").cast("timestamp"))\ndf = df.withColumn("year", year(col("created"))) \\\n       .withColumn("month", month(col("created")))\n(\n    df.groupBy("year", "month")\n      .agg(count("*").alias("row_count"))\n      .orderBy("year", "month")\n      .show(50, truncate=False)\n)\n\n# job.commit()  # for a job\n',
        /\|2024\|1\s+\|2\s+\|/,
      ],
    ],
  },
  {
    metIn: 'the template of Glue Studio, and an ETL of liquor sales made of it',
    cells: [
      [
        'def write_table(ctx, db, frame, table, base):\n    s3output = ctx.getSink(\n    path=f"{base}/{db}/{table}",\n    connection_type="s3",\n    updateBehavior="UPDATE_IN_DATABASE",\n    partitionKeys=[],\n    compression="snappy",\n    enableUpdateCatalog=True,\n    transformation_ctx="s3output",\n        )\n    s3output.setCatalogInfo(\n        catalogDatabase=db, catalogTableName=table\n        )\n    s3output.setFormat("glueparquet")\n    s3output.writeFrame(frame)\n\nwrite_table(glueContext, "legislators", persons, "people", "s3://lake-data/tables")',
        nothing,
      ],
      ['%%sql\nselect family_name from legislators.people order by 1', /Baker/],
      ['from awsgluedq.transforms import EvaluateDataQuality', { failsWith: /Local Glue has no awsgluedq/ }],
      [
        'import matplotlib.pyplot as plt\n\n# Set X-axis and Y-axis values\nx = [5, 2, 8, 4, 9]\ny = [10, 4, 8, 5, 2]\n\n# Create a bar chart\nplt.bar(x, y)\n\n# Show the plot\n%matplot plt',
        /^\[image\/png;base64\]$/,
      ],
    ],
  },
  {
    metIn: 'aws-samples/aws-glue-samples, native_iceberg_sql',
    cells: [
      [
        '%session_id_prefix native-iceberg-sql-\n%glue_version 3.0\n%idle_timeout 60\n%%configure \n{\n  "--conf": "spark.sql.extensions=org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions",\n  "--datalake-formats": "iceberg"\n}',
        nothing,
      ],
      [
        'from pyspark.sql import SparkSession\nspark = SparkSession.builder \\\n    .config("spark.sql.catalog.ice", "org.apache.iceberg.spark.SparkCatalog") \\\n    .getOrCreate()',
        nothing,
      ],
      [
        "from pyspark.sql import Row\nimport time\n\nut = time.time()\n\nproduct = [\n    {'product_id': '00001', 'price': 250, 'updated_at': ut},\n    {'product_id': '00002', 'price': 400, 'updated_at': ut}\n]\n\ndf_products = spark.createDataFrame(Row(**x) for x in product)\ndf_products.createOrReplaceTempView('tmp_product')",
        nothing,
      ],
      ['query = f"""\nCREATE DATABASE IF NOT EXISTS iceberg_sql\n"""\nspark.sql(query)', /DataFrame\[\]/],
      [
        'query = "CREATE TABLE ice.iceberg_sql.product USING iceberg AS SELECT * FROM tmp_product"\nspark.sql(query)',
        { failsWith: /Local Glue's Spark has no Iceberg/ },
      ],
      ['%%sql\nUSE iceberg_sql', nothing],
      ['%%sql\nSHOW TABLES', /tmp_product/],
      ['%%sql\nSELECT product_id FROM tmp_product', /00002/],
      ['%stop_session', nothing],
    ],
  },
  {
    metIn: 'a small pipeline for sales, which ends with its Spark',
    cells: [
      [
        `%idle_timeout 2880\n%glue_version 5.0\n%worker_type G.1X\n%number_of_workers 5\n\n${imports}\n  ${contexts}\n# S3 paths\nsales_path = "s3://pipeline/datalake/sales.csv"\n\ndf_sales = spark.read.csv(sales_path, header=True, inferSchema=True, mode="PERMISSIVE")\ndf_products = spark.read.json("s3://pipeline/datalake/products.json", multiLine=True)\n\ndf_sales.write.mode("overwrite").parquet("s3://pipeline/bronze/sales/")\ndf_products.write.mode("overwrite").parquet("s3://pipeline/bronze/products/")\n\nspark.stop()\n\n`,
        nothing,
      ],
    ],
  },
];

/** What they read, by its place in the folder that stands for S3. */
export const publicData: Readonly<Record<string, string>> = {
  'lake-data/in/lakes/lakes.csv': 'name,continent\nVictoria,Africa\nTanganyika,Africa\nBaikal,Asia\n',
  'lake-data/in/created.csv': 'created,n\n2024-01-02,1\n2024-01-05,2\n2024-03-01,3\n',
  'devops/accidents.csv':
    'ID,Start_Time,Pressure(in),Wind\nA-1,2016-02-08 00:37:08,29.7,SW\nA-2,2016-02-08 05:56:20,,SW\nA-3,2016-02-09 06:15:39,29.6,\n',
  'awsglue-data/medicare/Providers.csv':
    'DRG Definition,Provider Id,Provider Name\n039,10001,SOUTHEAST ALABAMA MEDICAL CENTER\n039,10006,ELIZA COFFEE MEMORIAL HOSPITAL\n',
  'legislators-data/persons/p.json':
    '{"id":"p1","family_name":"Adams","links":[{"note":"site","url":"u1"},{"note":"blog","url":"u2"}]}\n{"id":"p2","family_name":"Baker","links":[{"note":"site","url":"u3"}]}\n',
  'legislators-data/memberships/m.json':
    '{"person_id":"p1","organization_id":"o1"}\n{"person_id":"p2","organization_id":"o1"}\n',
  'legislators-data/organizations/o.json':
    '{"id":"o1","name":"Senate","other_names":[{"name":"Upper"}],"identifiers":[{"scheme":"s"}]}\n',
  'etl-project/raw/campaign.csv': 'id,education,income\n1,PhD,58000\n2,Master,\n',
  'pipeline/datalake/sales.csv': 'id,amount\n1,2.5\n',
  'pipeline/datalake/products.json': '[\n {"id": 1, "name": "Heater"}\n]\n',
};
